// The exported model, loaded by TensorFlow.js itself and compared with plain arithmetic.

import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { loadLayersModel } from "@tensorflow/tfjs-layers";
import { beforeAll, expect, it } from "vitest";
import type { Activation, LinearLayer } from "../../../src/core/kernels/kernels";
import { createRandom } from "../../../src/core/random";
import type { ExportedHead } from "../../../src/formats/export";
import { exporter } from "../../../src/formats/exporters/tfjs-head";
import { openZip } from "../../../src/formats/zip";
import { sourceOf } from "../export-source";
import { gather } from "../read-all";

const dims = 24;
const classNames = ["cat", "dog", "=bird"];
const rows = 16;

beforeAll(() => tf.setBackend("cpu"));

function randomHead(activation: Activation): ExportedHead {
  const random = createRandom(11);
  const normals = (count: number) => Float32Array.from({ length: count }, () => random.normal());
  const layer = {
    dims,
    classes: classNames.length,
    weights: normals(dims * classNames.length),
    bias: normals(classNames.length),
  };
  return { layer, activation, classes: classNames, encoder: { id: "clip-tiny", version: "3", dims } };
}

function plainProbabilities(layer: LinearLayer, activation: Activation, row: Float32Array): number[] {
  const logits = Array.from(layer.bias, (bias, one) => {
    let sum = bias;
    for (let dim = 0; dim < layer.dims; dim++) sum += row[dim]! * layer.weights[dim * layer.classes + one]!;
    return sum;
  });
  if (activation === "sigmoid") return logits.map((logit) => 1 / (1 + Math.exp(-logit)));
  const top = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - top));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

async function filesOf(head: ExportedHead): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const archive = await openZip(await gather(exporter.write(sourceOf([], { head }), null)));
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const entry of archive.entries) files.set(entry.path, await entry.read(1e7));
  return files;
}

const textOf = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

it.each(["softmax", "sigmoid"] as const)(
  "gives the same %s probabilities in TensorFlow.js",
  async (activation) => {
    const head = randomHead(activation);
    const files = await filesOf(head);
    const model = await loadLayersModel({
      async load() {
        const json = JSON.parse(textOf(files.get("model.json")));
        expect(json.weightsManifest[0].paths).toEqual(["weights.bin"]);
        return {
          format: json.format,
          generatedBy: json.generatedBy,
          convertedBy: json.convertedBy,
          modelTopology: json.modelTopology,
          weightSpecs: json.weightsManifest[0].weights,
          weightData: files.get("weights.bin")!.buffer,
        };
      },
    });
    const random = createRandom(5);
    const features = Float32Array.from({ length: rows * dims }, () => random.normal());
    const predicted = (await (
      model.predict(tf.tensor2d(features, [rows, dims])) as tf.Tensor2D
    ).array()) as number[][];
    for (let row = 0; row < rows; row++) {
      const plain = plainProbabilities(
        head.layer,
        activation,
        features.subarray(row * dims, (row + 1) * dims),
      );
      plain.forEach((probability, one) =>
        expect(Math.abs(predicted[row]![one]! - probability)).toBeLessThan(1e-5),
      );
    }
  },
);

it("says what it is", async () => {
  const files = await filesOf(randomHead("softmax"));
  expect([...files.keys()]).toEqual(["model.json", "weights.bin", "metadata.json", "README.md"]);
  expect(JSON.parse(textOf(files.get("metadata.json")))).toEqual({
    project: "Test",
    classes: classNames,
    activation: "softmax",
    encoder: { id: "clip-tiny", version: "3", dims },
    app: "Askwell",
    appVersion: "0.1.0",
    createdAt: "2025-06-06T07:08:10.000Z",
  });
  const readme = textOf(files.get("README.md"));
  expect(readme).toContain("loadLayersModel");
  expect(readme).toContain("clip-tiny");
  expect(readme.trim().split("\n").length).toBeLessThanOrEqual(24);
});

it("needs a model", () => {
  expect(exporter.needsHead).toBe(true);
  expect(() => exporter.write(sourceOf([]), null)).toThrow(/no trained model/);
});
