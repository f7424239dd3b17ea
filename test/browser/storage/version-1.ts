// A database as a page of version 1 left it, made by bare IndexedDB calls so that no change to our own code
// can change it. Never edit; a version 2 gets a file of its own.

export function makeVersion1(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onerror = () => reject(request.error);
    request.onupgradeneeded = () => fill(request.result);
    request.onsuccess = () => {
      request.result.close();
      resolve();
    };
  });
}

function fill(database: IDBDatabase): void {
  const projects = database.createObjectStore("projects", { keyPath: "id" });
  const items = database.createObjectStore("items", { keyPath: ["projectId", "row"] });
  items.createIndex("byHash", ["projectId", "itemId"], { unique: true });
  const contents = database.createObjectStore("contents", { keyPath: ["projectId", "itemId"] });
  database.createObjectStore("thumbnails", { keyPath: ["projectId", "itemId"] });
  const events = database.createObjectStore("events", { keyPath: "id" });
  events.createIndex("byProject", ["projectId", "id"]);
  database.createObjectStore("embeddings", { keyPath: ["projectId", "encoderKey", "firstRow"] });
  database.createObjectStore("encoders", { keyPath: ["projectId", "encoderKey"] });
  database.createObjectStore("rounds", { keyPath: ["projectId", "number"] });
  database.createObjectStore("roundDetails", { keyPath: ["projectId", "number"] });
  database.createObjectStore("imports", { keyPath: ["projectId", "id"] });
  database.createObjectStore("settings");

  projects.add({
    id: "p1",
    name: "Cats and dogs",
    kind: "image",
    answerMode: "single",
    classes: [
      { id: "c1", name: "cat", color: "#0072B2", key: "1", definition: "", removed: false },
      { id: "c2", name: "dog", color: "#E69F00", key: "2", definition: "", removed: false },
    ],
    guidelines: "",
    settings: {
      strategyId: "margin-then-diversify",
      strategyParameters: {},
      headId: "logistic",
      refitEvery: 5,
      batchSize: 10,
      randomShare: 0.1,
      holdOutTarget: 200,
      seedSize: 10,
      seed: 42,
    },
    createdAt: 1_790_000_000_000,
    changedAt: 1_790_000_000_500,
  });
  const item = {
    projectId: "p1",
    kind: "image",
    sizeBytes: 3,
    type: "image/png",
    width: 2,
    height: 2,
    given: null,
    addedAt: 1_790_000_000_100,
  };
  items.add({ ...item, itemId: "aa", row: 0, name: "one.png", path: "folder/one.png" });
  items.add({ ...item, itemId: "bb", row: 1, name: "two.png", path: "folder/two.png" });
  contents.add({ projectId: "p1", itemId: "aa", bytes: Uint8Array.of(1, 2, 3).buffer });
  contents.add({ projectId: "p1", itemId: "bb", bytes: Uint8Array.of(4, 5, 6).buffer });
  const event = { projectId: "p1", annotator: "me", at: 1_790_000_000_200, step: "01A" };
  events.add({
    ...event,
    type: "answer",
    id: "01A",
    itemId: "aa",
    answer: { type: "classes", classIds: ["c1"] },
    slice: "train",
    origin: "person",
    shown: null,
    tookMs: 900,
  });
  events.add({ ...event, type: "undo", id: "01B" });
}
