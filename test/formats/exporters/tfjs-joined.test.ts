// Encoder and head in one TensorFlow.js model, loaded by the library itself, against what the app makes of the same
// images in two steps.

import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { loadGraphModel } from "@tensorflow/tfjs-converter";
import { loadLayersModel } from "@tensorflow/tfjs-layers";
import { expect, it } from "vitest";
import { scoresFromLogits } from "../../../src/core/kernels/scores";
import { modelLogits, type EmbeddingModel } from "../../../src/core/learning/model";
import type { PretrainedModel } from "../../../src/core/pretrained";
import { createRandom } from "../../../src/core/random";
import { exporter } from "../../../src/formats/exporters/tfjs-joined";
import { ModelFolder, type ModelFile } from "../../../src/formats/models/model-files";
import { recogniseModel } from "../../../src/formats/models/recognise-model";
import { joinTfjs } from "../../../workers/encoders/pretrained/tfjs-join";
import { openPretrained } from "../../../workers/encoders/pretrained/open-pretrained";
import { prepareBatch } from "../../../workers/encoders/pretrained/prepare-pixels";
import { surveyModel } from "../../../workers/models";
import { openZip } from "../../../src/formats/zip";
import { hasMobileNets, mobileNet } from "../../encoders/pretrained/model-folder";
import { smallGraph, smallLayers } from "../../encoders/pretrained/small-tfjs";
import { picture } from "../../encoders/pictures";
import { sourceOf } from "../export-source";
import { gather } from "../read-all";

const classes = ["cat", "dog", "bird"];
const images = [1, 2, 3, 4].map((number) =>
  picture(20, 16, (x, y) => [(x * 9 * number) % 256, (y * 13) % 256, (x * y * number) % 256]),
);

function headFor(dims: number, activation: "softmax" | "sigmoid"): EmbeddingModel {
  const random = createRandom(17);
  const layer = (inputs: number, outputs: number) => ({
    dims: inputs,
    classes: outputs,
    weights: Float32Array.from({ length: inputs * outputs }, () => 2 * random.normal()),
    bias: Float32Array.from({ length: outputs }, () => random.normal()),
  });
  return activation === "softmax"
    ? { kind: "linear", layer: layer(dims, 3), activation }
    : { kind: "mlp", hidden: layer(dims, 5), output: layer(5, 3), activation };
}

async function open(files: readonly ModelFile[]) {
  const survey = await surveyModel(files, "image");
  const { folder } = recogniseModel(files);
  const model = {
    ...survey,
    id: "model-0123456789abcdef",
    dims: 0,
    files: folder.paths.map((path) => ({ path, sizeBytes: folder.sizeOf(path) })),
    addedAt: 0,
  } as PretrainedModel;
  const kept = new ModelFolder(
    "made",
    folder.paths.map((path) => [path, folder.blob(path)] as const),
  );
  return { model, folder: kept };
}

/** The graph with a step before its mean, so that it can be cut where values lie at places. */
async function graphOfPlaces(): Promise<ModelFile[]> {
  const files = smallGraph();
  const at = files.findIndex(({ path }) => path.endsWith("model.json"));
  const json = JSON.parse(await files[at]!.file.text());
  const nodes = json.modelTopology.node;
  const mean = nodes.find(({ name }: { name: string }) => name === "pooled");
  mean.input[0] = "askwell_product";
  nodes.splice(1, 0, { name: "askwell_product", op: "Relu", input: ["image:0"], attr: mean.attr });
  return files.with(at, { ...files[at]!, file: new Blob([JSON.stringify(json)]) });
}

const cases = [
  ["a small one", "softmax", () => smallLayers()],
  ["a small one", "sigmoid", () => smallLayers()],
  ["a small graph", "softmax", () => smallGraph()],
  ["a small graph", "sigmoid", () => smallGraph()],
  ["a graph cut where values lie at places", "softmax", graphOfPlaces, "askwell_product"],
  ...(hasMobileNets
    ? [["a grey MobileNet", "softmax", () => mobileNet("mobilenetv1-0.25-96-gray")] as const]
    : []),
] as const;

it.each(cases)("gives the app's probabilities through %s, %s", async (_, activation, files, cut?: string) => {
  const { model: surveyed, folder } = await open(await files());
  const model = { ...surveyed, cut: cut ?? surveyed.cut };
  const { input } = model;
  if (input.kind !== "image") throw new Error("An image encoder takes images.");
  const opened = await openPretrained(model, folder);
  const encode = opened.encoder.encode as (items: readonly unknown[], state: object) => Promise<Float32Array>;
  const embeddings = await encode(images, {});
  const head = headFor(opened.encoder.dims, activation);
  const source = sourceOf([], {
    head: { model: head, classes, encoder: { id: model.id, version: "1", dims: opened.encoder.dims } },
    joinTfjs: async (one) => ({ ...(await joinTfjs(folder, model.cut, input, one.model)), encoder: model }),
  });
  const archive = await openZip(await gather(exporter.write(source, null)));
  const read = async (path: string) => archive.entries.find((entry) => entry.path === path)!.read(1e9);
  const entries = new Map(
    await Promise.all(
      ["model.json", "metadata.json", "weights.bin"].map(async (path) => [path, await read(path)] as const),
    ),
  );
  const json = JSON.parse(new TextDecoder().decode(entries.get("model.json")));
  expect(JSON.parse(new TextDecoder().decode(entries.get("metadata.json")))).toMatchObject({
    classes,
    input,
  });

  const isGraph = model.format === "tfjs-graph";
  expect(json.format).toBe(isGraph ? "graph-model" : "layers-model");
  const loaded = await (isGraph ? loadGraphModel : loadLayersModel)({
    load: async () => ({
      modelTopology: json.modelTopology,
      weightSpecs: json.weightsManifest[0].weights,
      weightData: entries.get("weights.bin")!.slice().buffer as ArrayBuffer,
      ...(json.signature && { signature: json.signature }),
    }),
  });
  const pixels = prepareBatch(images, input);
  const batch = tf.tensor4d(pixels, [images.length, input.height, input.width, input.channels]);
  const found = (loaded.predict(batch) as tf.Tensor).dataSync();
  const right = scoresFromLogits(modelLogits(head, embeddings, images.length), images.length, 3, activation);
  expect(found).toHaveLength(right.probabilities.length);
  const apart = Array.from(right.probabilities, (value, at) => Math.abs(value - found[at]!));
  expect(Math.max(...apart)).toBeLessThan(1e-4);
  loaded.dispose();
  batch.dispose();
  opened.close();
});

it("leaves out what stood behind the cut", async () => {
  const { model, folder } = await open(smallGraph());
  const { input } = model;
  if (input.kind !== "image") throw new Error("An image encoder takes images.");
  const { topology } = await joinTfjs(folder, model.cut, input, headFor(3, "softmax"));
  const names = (topology as { node: { name: string }[] }).node.map(({ name }) => name);
  expect(names).toContain("pooled");
  expect(names).not.toContain("answer");
});

it("says why where it cannot be done", async () => {
  const { model, folder } = await open(smallLayers());
  const { input } = model;
  if (input.kind !== "image") throw new Error("An image encoder takes images.");
  const nearest = { kind: "k-nearest" } as EmbeddingModel;
  await expect(joinTfjs(folder, model.cut, input, nearest)).rejects.toThrow(
    "asks the nearest labelled items",
  );
  await expect(joinTfjs(folder, "gone", input, headFor(2, "softmax"))).rejects.toThrow(
    'no layer called "gone"',
  );
  const graph = await open(smallGraph());
  await expect(joinTfjs(graph.folder, graph.model.cut, input, headFor(2, "softmax"))).rejects.toThrow(
    "gives 3 numbers and this model reads 2",
  );
  await expect(joinTfjs(graph.folder, "gone", input, headFor(2, "softmax"))).rejects.toThrow(
    "takes 0 inputs up to “gone”",
  );
});
