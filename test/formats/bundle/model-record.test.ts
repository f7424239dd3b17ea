// The record of an encoder comes out of a bundle as it went in, and one that says what cannot be is refused.

import { expect, test } from "vitest";
import type { PretrainedModel } from "../../../src/core/pretrained";
import { BundleDamaged } from "../../../src/formats/bundle/damaged";
import { readModelRecord } from "../../../src/formats/bundle/model-record";

const estimate = { value: 0.5, low: -0.1, high: 0.9, count: 40 };
const images: PretrainedModel = {
  id: "model-0123456789abcdef",
  name: "network, tuned",
  format: "tfjs-layers",
  kind: "image",
  precision: "float32",
  dims: 1280,
  cut: "pool",
  input: {
    kind: "image",
    width: 224,
    height: 200,
    channels: 3,
    layout: "pixels",
    fit: "crop",
    shorterSide: 256,
    resample: "bilinear",
    scale: 1 / 255,
    mean: [0.5, 0.5, 0.5],
    deviation: [0.2, 0.2, 0.2],
  },
  files: [{ path: "model.json", sizeBytes: 1000 }],
  sizeBytes: 1000,
  addedAt: 5,
  tuned: {
    heldBackLoss: [0.7, 0.6],
    bestEpoch: 1,
    fitted: 40,
    heldBack: 10,
    secondsPerStep: 0.2,
    before: estimate,
    after: estimate,
    difference: estimate,
    loss: "cross-entropy",
    device: "wasm",
    learningRate: 0.001,
    mirror: true,
    from: "model-fedcba9876543210",
    fromName: "network",
    block: ["conv", "pool"],
  },
};
const { tuned, ...plain } = images;
const texts: PretrainedModel = {
  ...plain,
  format: "onnx",
  kind: "text",
  input: { kind: "text", maxTokens: 128, pooling: "mean" },
};

test.each([images, plain, texts])("comes back as it was", (model) => {
  expect(readModelRecord(model, "models/0.packed")).toEqual(model);
});

test.each([
  { ...images, id: "model-../../x" },
  { ...images, id: "other" },
  { ...images, dims: 0 },
  { ...images, files: [{ path: "a", sizeBytes: -1 }] },
  { ...images, addedAt: 1e300 },
  { ...images, input: { ...images.input, width: 1e6 } },
  { ...images, input: { ...images.input, channels: 2 } },
  { ...images, input: { ...images.input, mean: ["0"] } },
  { ...images, input: { ...images.input, scale: Infinity } },
  { ...texts, input: { ...texts.input, pooling: "eval" } },
  { ...images, tuned: "twice" },
  { ...images, tuned: { ...tuned, difference: { value: "much" } } },
  { ...images, tuned: { ...tuned, fromName: { toString: "no" } } },
  { ...images, tuned: { ...tuned, heldBackLoss: [null] } },
  null,
])("is refused where it says what cannot be", (record) => {
  expect(() => readModelRecord(record, "models/0.packed")).toThrow(BundleDamaged);
});
