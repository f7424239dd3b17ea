// Runs an exported model in TensorFlow.js under Node, and works out from the app's own storage what it should
// say.

import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { loadLayersModel } from "@tensorflow/tfjs-layers";
import type { Page } from "playwright";

export async function predictWithExport(
  entries: ReadonlyMap<string, Uint8Array>,
  embeddings: readonly number[][],
): Promise<number[]> {
  const json = JSON.parse(new TextDecoder().decode(entries.get("model.json"))) as {
    modelTopology: object;
    weightsManifest: { weights: tf.io.WeightsManifestEntry[] }[];
  };
  const model = await loadLayersModel({
    load: async () => ({
      modelTopology: json.modelTopology,
      weightSpecs: json.weightsManifest[0]!.weights,
      weightData: entries.get("weights.bin")!.slice().buffer as ArrayBuffer,
    }),
  });
  const answer = model.predict(tf.tensor2d(embeddings as number[][])) as tf.Tensor;
  return Array.from(await answer.data());
}

export interface Predicted {
  readonly itemIds: readonly string[];
  readonly embeddings: number[][];
  /** rows × classes, row-major. */
  readonly probabilities: number[];
  readonly classNames: string[];
}

/** Softmax of the newest stored head over all stored embeddings of the one project, in plain arithmetic. */
export function predictWithStored(page: Page): Promise<Predicted> {
  return page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await done(indexedDB.open("askwell"));
    const transaction = database.transaction(["roundDetails", "rounds", "embeddings", "projects", "items"]);
    const all = (store: string) => done(transaction.objectStore(store).getAll());
    const [details, summaries, chunks, [project], items] = await Promise.all(
      ["roundDetails", "rounds", "embeddings", "projects", "items"].map(all) as Promise<any[]>[],
    );
    database.close();
    const at = details!.findLastIndex((detail) => detail.model !== null);
    const { weights, bias, dims, classes } = details![at].model.layer;
    const embeddings: number[][] = [];
    const probabilities: number[] = [];
    for (const chunk of chunks!) {
      const values = new Float32Array(chunk.values);
      for (let row = 0; row < chunk.rows; row++) {
        const x = Array.from(values.subarray(row * dims, (row + 1) * dims));
        const powers = Array.from({ length: classes }, (_, c) =>
          Math.exp(x.reduce((sum, value, d) => sum + value * weights[d * classes + c], bias[c])),
        );
        const total = powers.reduce((sum, one) => sum + one, 0);
        embeddings.push(x);
        probabilities.push(...powers.map((one) => one / total));
      }
    }
    const names = new Map(project.classes.map((one: { id: string; name: string }) => [one.id, one.name]));
    return {
      itemIds: items!.map(({ itemId }) => itemId),
      embeddings,
      probabilities,
      classNames: summaries![at].classIds.map((id: string) => names.get(id)),
    };
  });
}

/** Share of the items, those named left out, whose likeliest class is the true one. */
export function accuracyOf(
  { itemIds, probabilities, classNames }: Predicted,
  truth: ReadonlyMap<string, string>,
  leftOut: ReadonlySet<string>,
): number {
  const size = classNames.length;
  const judged = itemIds.flatMap((itemId, row) => {
    if (leftOut.has(itemId)) return [];
    const own = probabilities.slice(row * size, (row + 1) * size);
    return [classNames[own.indexOf(Math.max(...own))] === truth.get(itemId)];
  });
  return judged.filter(Boolean).length / judged.length;
}
