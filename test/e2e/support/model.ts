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
  readonly embeddings: number[][];
  /** rows × classes, row-major. */
  readonly probabilities: number[];
  readonly classNames: string[];
}

/** Softmax of the newest stored head over the first stored embeddings, in plain float64 arithmetic. */
export function predictWithStored(page: Page, rows: number): Promise<Predicted> {
  return page.evaluate(async (count) => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await done(indexedDB.open("askwell"));
    const transaction = database.transaction(["roundDetails", "rounds", "embeddings", "projects"]);
    const details = await done(transaction.objectStore("roundDetails").getAll());
    const summaries = await done(transaction.objectStore("rounds").getAll());
    const [chunk] = await done(transaction.objectStore("embeddings").getAll());
    const [project] = await done(transaction.objectStore("projects").getAll());
    database.close();
    const at = details.findLastIndex((detail) => detail.layer !== null);
    const { weights, bias, dims, classes } = details[at].layer;
    const values = new Float32Array(chunk.values);
    const embeddings: number[][] = [];
    const probabilities: number[] = [];
    for (let row = 0; row < count; row++) {
      const x = Array.from(values.subarray(row * dims, (row + 1) * dims));
      const powers = Array.from({ length: classes }, (_, c) =>
        Math.exp(x.reduce((sum, value, d) => sum + value * weights[d * classes + c], bias[c])),
      );
      const total = powers.reduce((sum, one) => sum + one, 0);
      embeddings.push(x);
      probabilities.push(...powers.map((one) => one / total));
    }
    const names = new Map(project.classes.map((one: { id: string; name: string }) => [one.id, one.name]));
    return {
      embeddings,
      probabilities,
      classNames: summaries[at].classIds.map((id: string) => names.get(id)),
    };
  }, rows);
}
