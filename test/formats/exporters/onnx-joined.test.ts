// Encoder and head in one ONNX file, run by ONNX Runtime, against what the app makes of the same items in two steps.

import * as ort from "onnxruntime-web";
import { fileURLToPath } from "node:url";
import { describe, expect, it, vi } from "vitest";
import { scoresFromLogits } from "../../../src/core/kernels/scores";
import { modelLogits, type EmbeddingModel } from "../../../src/core/learning/model";
import type { PretrainedModel, TokenInput } from "../../../src/core/pretrained";
import { createRandom } from "../../../src/core/random";
import { exporter } from "../../../src/formats/exporters/onnx-joined";
import { ModelFolder } from "../../../src/formats/models/model-files";
import { recogniseModel } from "../../../src/formats/models/recognise-model";
import { openTokenizer } from "../../../workers/encoders/pretrained/onnx-text";
import { openPretrained } from "../../../workers/encoders/pretrained/open-pretrained";
import { prepareBatch } from "../../../workers/encoders/pretrained/prepare-pixels";
import { surveyModel } from "../../../workers/models";
import { pickFolder } from "../../encoders/pretrained/pick-folder";
import { picture } from "../../encoders/pictures";
import { sourceOf } from "../export-source";
import { gather } from "../read-all";

// Node reads the runtime from disk, where a browser asks the server for it.
vi.mock("../../../workers/encoders/pretrained/on-demand", async () => {
  const { readFile } = await import("node:fs/promises");
  const { createRequire } = await import("node:module");
  const path = createRequire(import.meta.url).resolve("onnxruntime-web/ort-wasm-simd-threaded.wasm");
  return { fetchOnDemand: async () => new Uint8Array(await readFile(path)).buffer };
});

const fixtures = fileURLToPath(new URL("../../fixtures/onnx", import.meta.url));
const classes = ["cat", "dog", "bird"];
const texts = ["a short one", "the quick brown fox jumps over the lazy dog", "fox"];
const images = [1, 2, 3].map((number) =>
  picture(20, 16, (x, y) => [(x * 9 * number) % 256, (y * 13) % 256, (x * y * number) % 256]),
);

async function openFixture(name: string, kind: "image" | "text", input: Partial<TokenInput> = {}) {
  const files = pickFolder(`${fixtures}/${name}`);
  const found = await surveyModel(files, kind);
  const { folder } = recogniseModel(files);
  const model = {
    ...found,
    id: "model-0123456789abcdef",
    dims: 0,
    files: folder.paths.map((path) => ({ path, sizeBytes: folder.sizeOf(path) })),
    addedAt: 0,
    input: { ...found.input, ...input },
  } as PretrainedModel;
  const kept = new ModelFolder(
    "made",
    folder.paths.map((path) => [path, folder.blob(path)] as const),
  );
  const opened = await openPretrained(model, kept);
  const encode = opened.encoder.encode as (items: readonly unknown[], state: object) => Promise<Float32Array>;
  return {
    model,
    folder: kept,
    dims: opened.encoder.dims,
    encode: (items: readonly unknown[]) => encode(items, {}),
  };
}

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

async function joined(
  { model, folder, dims }: Awaited<ReturnType<typeof openFixture>>,
  head: EmbeddingModel,
) {
  const source = sourceOf([], {
    head: { model: head, classes, encoder: { id: model.id, version: "1", dims } },
    encoderFiles: async () => ({ model, file: (path) => folder.blob(path) }),
  });
  return new Uint8Array(await (await gather(exporter.write(source, null))).arrayBuffer());
}

function expectSame(found: ort.Tensor, model: EmbeddingModel, embeddings: Float32Array): void {
  const rows = found.dims[0]!;
  const right = scoresFromLogits(
    modelLogits(model, embeddings, rows),
    rows,
    3,
    model.activation,
  ).probabilities;
  expect(found.data).toHaveLength(right.length);
  const apart = Array.from(right, (value, at) => Math.abs(value - (found.data as Float32Array)[at]!));
  expect(Math.max(...apart)).toBeLessThan(1e-4);
}

const run = async (bytes: Uint8Array, feeds: Record<string, ort.Tensor>) => {
  const session = await ort.InferenceSession.create(bytes, { executionProviders: ["wasm"] });
  expect(session.outputNames).toEqual(["probabilities"]);
  const found = await session.run(Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]!])));
  return found["probabilities"]!;
};

describe.each(["softmax", "sigmoid"] as const)("a head with %s", (activation) => {
  it.each(["mean", "first"] as const)("behind a text encoder whose tokens give their %s", async (pooling) => {
    const opened = await openFixture("tiny-bert", "text", { pooling });
    const head = headFor(opened.dims, activation);
    const bytes = await joined(opened, head);
    const { ids, length } = (await openTokenizer(opened.folder, 64))(texts);
    const whole = (value: (text: readonly number[], at: number) => number) =>
      new ort.Tensor(
        "int64",
        BigInt64Array.from(ids.flatMap((text) => Array.from({ length }, (_, at) => BigInt(value(text, at))))),
        [ids.length, length],
      );
    const found = await run(bytes, {
      input_ids: whole((text, at) => text[at] ?? 0),
      attention_mask: whole((text, at) => (at < text.length ? 1 : 0)),
      token_type_ids: whole(() => 0),
      position_ids: whole((_, at) => at),
    });
    expectSame(found, head, await opened.encode(texts));
  });

  it("behind an image encoder", async () => {
    const opened = await openFixture("tiny-vit", "image");
    const head = headFor(opened.dims, activation);
    const bytes = await joined(opened, head);
    const { input } = opened.model;
    if (input.kind !== "image") throw new Error("An image encoder takes images.");
    const pixels = prepareBatch(images, input);
    const shape = [images.length, input.channels, input.height, input.width];
    const found = await run(bytes, { pixel_values: new ort.Tensor("float32", pixels, shape) });
    expectSame(found, head, await opened.encode(images));
  });
});

it("carries the class names and how the input is made", async () => {
  const opened = await openFixture("tiny-vit", "image");
  const text = new TextDecoder("latin1").decode(await joined(opened, headFor(opened.dims, "softmax")));
  expect(text).toContain(JSON.stringify(classes));
  expect(text).toContain(JSON.stringify(opened.model.input));
});

it("says why where it cannot be done", async () => {
  const opened = await openFixture("tiny-bert", "text", { pooling: "last" });
  const head = headFor(opened.dims, "softmax");
  await expect(joined(opened, head)).rejects.toThrow("the state of its last token");
  const tfjs = { ...opened, model: { ...opened.model, format: "tfjs-layers" as const } };
  await expect(joined(tfjs, head)).rejects.toThrow("is a TensorFlow.js model");
  const other = { ...opened, model: { ...opened.model, cut: "gone" } };
  await expect(joined(other, head)).rejects.toThrow("has no output called “gone”");
});
