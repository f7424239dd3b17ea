// The exported model, loaded by TensorFlow.js itself and compared with plain arithmetic.

import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { loadLayersModel } from "@tensorflow/tfjs-layers";
import { beforeAll, expect, it } from "vitest";
import type { Activation, LinearLayer } from "../../../src/core/kernels/kernels";
import type { Model } from "../../../src/core/learning/model";
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

const encoder = { id: "clip-tiny", version: "3", dims };
const units = 7;

function randomLayer(from: number, to: number, seed: number): LinearLayer {
  const random = createRandom(seed);
  const normals = (count: number) => Float32Array.from({ length: count }, () => random.normal());
  return { dims: from, classes: to, weights: normals(from * to), bias: normals(to) };
}

function randomHead(activation: Activation, kind: "linear" | "mlp" = "linear"): ExportedHead {
  const classes = classNames.length;
  const model: Model =
    kind === "linear"
      ? { kind, layer: randomLayer(dims, classes, 11), activation }
      : { kind, hidden: randomLayer(dims, units, 12), output: randomLayer(units, classes, 13), activation };
  return { model, classes: classNames, encoder };
}

function plainLogits({ dims: from, classes, weights, bias }: LinearLayer, row: ArrayLike<number>): number[] {
  return Array.from(bias, (start, one) => {
    let sum = start;
    for (let dim = 0; dim < from; dim++) sum += row[dim]! * weights[dim * classes + one]!;
    return sum;
  });
}

function plainProbabilities(model: Model, row: Float32Array): number[] {
  if (model.kind === "k-nearest" || model.kind === "with-terms") throw new Error("It is not made of layers.");
  const logits =
    model.kind === "linear"
      ? plainLogits(model.layer, row)
      : plainLogits(
          model.output,
          plainLogits(model.hidden, row).map((sum) => Math.max(0, sum)),
        );
  if (model.activation === "sigmoid") return logits.map((logit) => 1 / (1 + Math.exp(-logit)));
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

it.each([
  ["softmax", "linear"],
  ["sigmoid", "linear"],
  ["softmax", "mlp"],
  ["sigmoid", "mlp"],
] as const)("gives the same %s probabilities of a %s model in TensorFlow.js", async (activation, kind) => {
  const head = randomHead(activation, kind);
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
    const plain = plainProbabilities(head.model, features.subarray(row * dims, (row + 1) * dims));
    plain.forEach((probability, one) =>
      expect(Math.abs(predicted[row]![one]! - probability)).toBeLessThan(1e-5),
    );
  }
});

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

it("says what to do about a model without layers", () => {
  const model: Model = {
    kind: "k-nearest",
    k: 1,
    dims,
    classes: classNames.length,
    places: Uint32Array.of(0),
    features: new Float32Array(dims),
    targets: Uint8Array.of(1, 0, 0),
    temperature: 1,
    activation: "softmax",
  };
  const head = { model, classes: classNames, encoder };
  expect(() => exporter.write(sourceOf([], { head }), null)).toThrow(
    /nearest labelled items.*Choose another kind of model/,
  );
});

it("needs a model", () => {
  expect(exporter.needsHead).toBe(true);
  expect(() => exporter.write(sourceOf([]), null)).toThrow(/no trained model/);
});
