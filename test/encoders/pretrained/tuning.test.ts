// Fine-tuning in TensorFlow.js: the triplet loss against its reference, where the last block begins, and a small
// network tuned on real images, whose accuracy on the hold-out is worked out again from its files.

import * as tf from "@tensorflow/tfjs-core";
import { input as makeInput, layers, model as makeModel, type SymbolicTensor } from "@tensorflow/tfjs-layers";
import { beforeAll, describe, expect, test } from "vitest";
import { hardTripletLoss } from "../../../src/core/fine-tuning/hard-triplet";
import type { TuningInput } from "../../../src/core/fine-tuning/tuning";
import { fitLayers, logitsOf } from "../../../src/core/learning/fit-linear";
import type { Item } from "../../../src/core/item";
import type { PretrainedModel } from "../../../src/core/pretrained";
import { createRandom } from "../../../src/core/random";
import { ModelFolder, type ModelFile } from "../../../src/formats/models/model-files";
import { recogniseModel } from "../../../src/formats/models/recognise-model";
import type { ImageInput } from "../../../workers/encoders/encoder";
import { openPretrained } from "../../../workers/encoders/pretrained/open-pretrained";
import { findLastBlock } from "../../../workers/encoders/pretrained/tfjs-block";
import { tfjsDevices, useTfjsDevice } from "../../../workers/encoders/pretrained/tfjs-devices";
import { hardTriplet, unitLength } from "../../../workers/encoders/pretrained/tfjs-losses";
import { surveyModel } from "../../../workers/models";
import { surveyTuning, tuneEncoder, type TuningProgress } from "../../../workers/tune-encoder";
import { canDecode, decodeImages } from "../decode-images";
import type { Example } from "../probe";
import { hasDataSet, readImageFiles } from "../shared-data";
import { convNet } from "./conv-net";
import { hasMobileNets, mobileNet } from "./model-folder";
import { smallGraph } from "./small-tfjs";

async function stored(files: ModelFile[]): Promise<{ model: PretrainedModel; folder: ModelFolder }> {
  const found = await surveyModel(files, "image");
  const { folder } = recogniseModel(files);
  const model = { ...found, id: "model-0123456789abcdef", name: "Small", dims: 0, files: [], addedAt: 0 };
  return { model, folder };
}

describe("the triplet loss", () => {
  beforeAll(async () => {
    await tfjsDevices();
    await useTfjsDevice("cpu");
  });

  test("is the reference's, on rows of length 1", () => {
    const random = createRandom(2);
    const labels = Array.from({ length: 14 }, (_, at) => (at === 13 ? 7 : at % 3));
    const raw = tf.tensor2d(
      Float32Array.from({ length: 14 * 5 }, () => random.normal()),
      [14, 5],
    );
    const rows = unitLength(raw);
    const expected = hardTripletLoss(rows.dataSync() as Float32Array, 5, labels);
    expect(expected).toBeGreaterThan(0.1);
    expect(hardTriplet(rows, labels).dataSync()[0]).toBeCloseTo(expected, 4);
  });

  test("has the gradient that small steps show", () => {
    const values = Float32Array.of(0.9, 0.1, 0.2, 0.8, -0.5, 0.6, 0.7, -0.3);
    const labels = [0, 0, 1, 1];
    const loss = (of: Float32Array) => {
      const unit = unitLength(tf.tensor2d(of, [4, 2])).dataSync() as Float32Array;
      return hardTripletLoss(unit, 2, labels);
    };
    const gradient = tf
      .grad((x: tf.Tensor) => hardTriplet(unitLength(x as tf.Tensor2D), labels))(tf.tensor2d(values, [4, 2]))
      .dataSync();
    const step = 1e-3;
    values.forEach((_, at) => {
      const moved = (by: number) => values.map((value, k) => (k === at ? value + by : value));
      expect(gradient[at]).toBeCloseTo((loss(moved(step)) - loss(moved(-step))) / (2 * step), 2);
    });
  });
});

describe("the gradients of convolutions on WebAssembly", () => {
  const random = createRandom(8);
  const drawn = (shape: [number, number, number, number]) =>
    tf.tensor4d(
      Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.normal()),
      shape,
    );

  const cases = [
    ["one by one", false, [2, 5, 4, 3], [1, 1, 3, 4], 1, "valid"],
    ["with a stride and edges filled up", false, [2, 7, 6, 3], [3, 3, 3, 2], 2, "same"],
    ["with edges cut off", false, [1, 6, 6, 2], [3, 2, 2, 5], 1, "valid"],
    ["depthwise", true, [2, 6, 5, 3], [3, 3, 3, 1], 1, "same"],
    ["depthwise with a stride and two outputs a channel", true, [2, 7, 7, 3], [3, 3, 3, 2], 2, "same"],
  ] as const;
  test.each(cases)(
    "%s: the same as in plain JavaScript",
    async (_, depthwise, image, filter, stride, pad) => {
      const x = drawn([...image]);
      const w = drawn([...filter]);
      const found: Float32Array[][] = [];
      for (const device of ["cpu", "wasm"] as const) {
        await useTfjsDevice(device);
        const convolve = (a: tf.Tensor, b: tf.Tensor) =>
          depthwise
            ? tf.depthwiseConv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, pad)
            : tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, pad);
        // Squared, so that what comes back differs from place to place.
        const gradients = tf.grads((a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.square(convolve(a, b))))([x, w]);
        found.push(gradients.map((one) => one.dataSync() as Float32Array));
      }
      found[0]!.forEach((plain, side) =>
        plain.forEach((value, at) => expect(found[1]![side]![at]).toBeCloseTo(value, 3)),
      );
    },
  );
});

describe("the last block", () => {
  const convolution = (name: string, filters = 4) =>
    layers.conv2d({ name, filters, kernelSize: 1, padding: "same" });

  test("of a residual network begins where its last branches met", () => {
    const input = makeInput({ shape: [8, 8, 4] });
    const residual = (from: SymbolicTensor, name: string) => {
      const branch = convolution(`${name}b`).apply(convolution(`${name}a`).apply(from)) as SymbolicTensor;
      return layers.add({ name: `${name}sum` }).apply([branch, from]) as SymbolicTensor;
    };
    const cut = layers
      .globalAveragePooling2d({ name: "pooled", dataFormat: "channelsLast" })
      .apply(residual(residual(input, "one"), "two")) as SymbolicTensor;
    const { start, steps } = findLastBlock(input, cut);
    expect(start.sourceLayer.name).toBe("onesum");
    expect(steps.map(({ sourceLayer }) => sourceLayer.name).sort()).toEqual([
      "pooled",
      "twoa",
      "twob",
      "twosum",
    ]);
  });

  test("of a chain is its last two layers with a matrix; of one layer that layer", () => {
    const input = makeInput({ shape: [8, 8, 4] });
    const chain = ["p", "q", "r", "s"].map((name) => convolution(name));
    const values = chain.reduce<SymbolicTensor[]>(
      (made, layer) => [...made, layer.apply(made.at(-1)!) as SymbolicTensor],
      [input],
    );
    expect(findLastBlock(input, values[4]!).start).toBe(values[2]);
    expect(findLastBlock(input, values[1]!).start).toBe(input);
    expect(() => findLastBlock(input, input)).toThrow(/no layer with weights before/);
    makeModel({ inputs: input, outputs: values[4]! }).dispose();
  });

  test("is told before anything is trained, and a graph model's is not there", async () => {
    const small = await stored(convNet(1));
    expect(await surveyTuning(small.model, small.folder)).toMatchObject({
      fault: null,
      block: ["conv2", "conv3"],
      trained: 9 * 8 * 12 + 12 + 9 * 12 * 16 + 16,
    });
    const graph = await stored(smallGraph());
    const { fault } = await surveyTuning(graph.model, graph.folder);
    expect(fault).toMatch(/graph model: its weights are frozen/);
  });

  test.skipIf(!hasMobileNets)("of MobileNets is their last one (needs shared/data)", async () => {
    const v2 = await stored(mobileNet("mobilenetv2-0.35-224"));
    const survey = await surveyTuning(v2.model, v2.folder);
    expect(survey.block).toContain("Conv_1");
    expect(survey.block).toContain("block_16_depthwise");
    expect(survey.block.some((name) => name.startsWith("block_15"))).toBe(false);
    const v1 = await stored(mobileNet("mobilenetv1-0.25-96-gray"));
    const { block } = await surveyTuning(v1.model, v1.folder);
    expect(block).toEqual(["depthwise_conv2d_38", "batch_normalization_77", "conv_pw_13_relu"]);
  });
});

/** For a busy machine: decoding starts a browser, and training takes seconds on a quiet one. */
const patience = 240_000;
const canTune = hasDataSet("cifar10") && canDecode;

describe.skipIf(!canTune)("a small network tuned on real images (needs shared/data)", () => {
  const classes = ["airplane", "frog"];
  const each = 90;
  let images: Example<ImageInput>[] = [];
  beforeAll(async () => {
    const files = readImageFiles("cifar10", "train", each).filter(({ label }) => classes.includes(label));
    images = await decodeImages(files, 64);
  }, patience);
  const classOf = (row: number) => classes.indexOf(images[row]!.label);

  async function tune(change: Partial<TuningInput> = {}, signal?: { aborted: boolean }) {
    const small = await stored(convNet(1));
    const rows = Array.from(images.keys()).map((row) => ({ row, classes: [classOf(row)] }));
    const saved: [PretrainedModel, ModelFolder][] = [];
    const progress: TuningProgress[] = [];
    const input: TuningInput = {
      modelId: small.model.id,
      loss: "cross-entropy",
      device: "wasm",
      learningRate: 0.003,
      mirror: true,
      train: rows.filter(({ row }) => row % 3 > 0),
      holdOut: rows.filter(({ row }) => row % 3 === 0),
      classes: 2,
      answerMode: "single",
      seed: 5,
      ...change,
    };
    const result = await tuneEncoder(input, {
      ...small,
      read: async ({ row }) => images[row]!.input,
      load: async (row) => ({ row }) as Item,
      save: async (model, folder) => void saved.push([model, folder]),
      now: () => performance.now(),
      date: () => 7,
      report: (one) => void progress.push(one),
      stop: signal ?? { aborted: false },
    });
    return { ...result, saved, progress, input };
  }

  /** Right answers on the hold-out of a head on the embeddings of these files, worked out from nothing else. */
  async function accuracyOf(model: PretrainedModel, folder: ModelFolder, input: TuningInput) {
    const { encoder, close } = await openPretrained(model, folder);
    const embed = async (rows: TuningInput["train"]) =>
      (encoder.encode as (of: unknown, state: unknown) => Promise<Float32Array>)(
        rows.map(({ row }) => images[row]!.input),
        {},
      );
    const train = await embed(input.train);
    const targets = Uint8Array.from(
      input.train.flatMap(({ classes: [own] }) => (own === 0 ? [1, 0] : [0, 1])),
    );
    const places = Uint32Array.from(input.train.keys());
    const set = {
      features: train,
      rows: input.train.length,
      dims: encoder.dims,
      targets,
      classes: 2,
      places,
    };
    const { layers: fitted } = fitLayers(set, "softmax", { c: 10, warm: null, stop: null });
    const logits = logitsOf(fitted[0]!, await embed(input.holdOut), input.holdOut.length);
    close();
    const right = input.holdOut.filter(
      ({ classes: [own] }, at) => logits[2 * at + own!]! > logits[2 * at + 1 - own!]!,
    );
    return right.length / input.holdOut.length;
  }

  test(
    "is better on the hold-out, by as much as its files show, and is kept beside the one before",
    { timeout: patience },
    async () => {
      const { account, model, saved, progress, input } = await tune();
      expect(account.bestEpoch).toBeGreaterThan(0);
      expect(account.heldBackLoss[account.bestEpoch]!).toBeLessThan(account.heldBackLoss[0]!);
      expect(account.difference.value).toBeCloseTo(account.after.value - account.before.value, 9);
      expect(account.after.value).toBeGreaterThan(account.before.value);
      expect(saved.map(([one]) => one)).toEqual([model]);
      expect(model).toMatchObject({ name: "Small, tuned", format: "tfjs-layers", precision: "float32" });
      expect(model!.tuned).toEqual(account);
      expect(model!.id).not.toBe("model-0123456789abcdef");
      expect(await accuracyOf(...saved[0]!, input)).toBeCloseTo(account.after.value, 9);
      const small = await stored(convNet(1));
      expect(await accuracyOf(small.model, small.folder, input)).toBeCloseTo(account.before.value, 9);
      expect(new Set(progress.map(({ step }) => step))).toEqual(
        new Set(["looking", "training", "comparing"]),
      );
    },
  );

  test("by triplets, and the same again from the same seed", { timeout: patience }, async () => {
    const [once, again] = [await tune({ loss: "hard-triplet" }), await tune({ loss: "hard-triplet" })];
    expect(once.account.heldBackLoss[once.account.bestEpoch]!).toBeLessThan(once.account.heldBackLoss[0]!);
    expect(again.account.heldBackLoss).toEqual(once.account.heldBackLoss);
    expect(again.model?.id).toBe(once.model?.id);
  });

  test("stops when told, and keeps nothing", async () => {
    await expect(tune({}, { aborted: true })).rejects.toMatchObject({ name: "AbortError" });
  });

  test("says what is too few, and what does not go together", async () => {
    const few = images.slice(0, 12).map((_, row) => ({ row, classes: [classOf(row)] }));
    await expect(tune({ train: few })).rejects.toThrow(/needs 20 answers to learn from, and there are 12/);
    await expect(tune({ holdOut: few.slice(0, 9) })).rejects.toThrow(/needs 10 answers and has 9/);
    await expect(tune({ loss: "hard-triplet", answerMode: "multiple" })).rejects.toThrow(/exactly one class/);
    await expect(tune({ device: "webgpu" })).rejects.toThrow(/no WebGPU.*Train on the processor/);
  });
});
