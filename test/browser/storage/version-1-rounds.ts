// Rounds as a page of version 1 stored them, added to a database of that version by bare IndexedDB calls. Never
// edit.

const round = {
  projectId: "p1",
  classIds: ["c1", "c2"],
  trainCount: 4,
  holdOutCount: 0,
  strategyId: "margin",
  seed: 42,
  evaluation: null,
  poolUncertainty: 0.5,
  tier: "wasm",
  cost: { fitMs: 1, scoreMs: 2, selectMs: 3 },
  encoderKey: "image-features@1/2",
  poolRows: 2,
  at: 1_790_000_000_300,
};

const question = {
  row: 1,
  source: "seed",
  score: 0.25,
  reason: "Unlike anything asked so far.",
  guess: null,
  confidence: null,
  probabilities: [],
};

export function addRoundsOfVersion1(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const database = request.result;
      const transaction = database.transaction(["rounds", "roundDetails"], "readwrite");
      fill(transaction.objectStore("rounds"), transaction.objectStore("roundDetails"));
      transaction.onerror = () => reject(transaction.error);
      transaction.oncomplete = () => {
        database.close();
        resolve();
      };
    };
  });
}

function fill(rounds: IDBObjectStore, details: IDBObjectStore): void {
  rounds.add({ ...round, number: 1, headId: "pool-distilled", activation: "softmax", hasHead: false });
  details.add({ projectId: "p1", number: 1, layer: null, questions: [question] });
  rounds.add({ ...round, number: 2, headId: "pool-distilled", activation: "softmax", hasHead: true });
  details.add({
    projectId: "p1",
    number: 2,
    layer: { dims: 1, classes: 2, weights: Float32Array.of(3, -3), bias: Float32Array.of(0, 1) },
    questions: [],
  });
  rounds.add({ ...round, number: 3, headId: "one-vs-rest", activation: "sigmoid", hasHead: true });
  details.add({
    projectId: "p1",
    number: 3,
    layer: { dims: 1, classes: 2, weights: Float32Array.of(5, 6), bias: Float32Array.of(7, 8) },
    questions: [],
  });
}
