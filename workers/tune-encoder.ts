// Fine-tunes a pretrained encoder on the labelled items: trains its last block, opens what came of it as any model
// is opened, compares both on the hold-out, and keeps the tuned one where it is better there. The one before stays.

import { throwIfStopped, TooFewLabels, type StopSignal } from "../src/core/errors";
import { compareOnHoldOut, type EncoderRows } from "../src/core/fine-tuning/compare-embeddings";
import {
  fewestHoldOut,
  fewestTrained,
  type TuningAccount,
  type TuningInput,
} from "../src/core/fine-tuning/tuning";
import type { Item } from "../src/core/item";
import type { PretrainedModel } from "../src/core/pretrained";
import { createRandom } from "../src/core/random";
import type { LabelledRow } from "../src/core/round";
import { ModelFolder, UnusableModel } from "../src/formats/models/model-files";
import type { ImageInput } from "./encoders/encoder";
import { openPretrained } from "./encoders/pretrained/open-pretrained";
import { identify } from "./models";
import { nextTask } from "./serve";

/** What can be tuned of a model, and where. */
export interface TuningSurvey {
  /** Why nothing can; null where something can. */
  readonly fault: string | null;
  /** Layers that would be trained. */
  readonly block: readonly string[];
  /** Numbers in them that training changes. */
  readonly trained: number;
  /** Why the graphics card cannot train; null where it can. */
  readonly noGpu: string | null;
}

export interface TuningProgress {
  readonly step: "looking" | "training" | "comparing";
  readonly done: number;
  readonly total: number;
  /** While training. */
  readonly secondsPerStep: number | null;
}

export interface TuningResult {
  readonly account: TuningAccount;
  /** The tuned encoder, where it is better on the hold-out and so was kept. */
  readonly model: PretrainedModel | null;
}

export interface TuningTools {
  /** The model of the input and its files. */
  readonly model: PretrainedModel;
  readonly folder: ModelFolder;
  /** Reads an image for a square of that many pixels; null where it is gone or cannot be decoded. */
  read(item: Item, maxSide: number): Promise<ImageInput | null>;
  load(row: number): Promise<Item | null>;
  save(model: PretrainedModel, folder: ModelFolder): Promise<void>;
  /** Milliseconds: to measure with, and of the calendar. */
  now(): number;
  date(): number;
  report(progress: TuningProgress): void;
  readonly stop: StopSignal;
}

/** Embedded in one go; few enough for memory at any size. */
const batchItems = 8;

interface Labelled {
  readonly item: Item;
  readonly target: Uint8Array;
}

/** Never throws for what the model is: the fault is part of what is told. */
export async function surveyTuning(model: PretrainedModel, folder: ModelFolder): Promise<TuningSurvey> {
  const none = { block: [], trained: 0, noGpu: null };
  if (model.format === "onnx")
    return {
      ...none,
      fault: "ONNX models can be run here but not trained. A TensorFlow.js layers model can.",
    };
  const { tfjsDevices, useTfjsDevice, whyNoGpu } = await import("./encoders/pretrained/tfjs-devices");
  const { openTunable } = await import("./encoders/pretrained/tfjs-tunable");
  // Only its structure is looked at, which any device does.
  const devices = await tfjsDevices();
  await useTfjsDevice(devices.at(-1)!);
  try {
    const tunable = await openTunable(folder, model.cut);
    const trained = tunable.variables.reduce((sum, { size }) => sum + size, 0);
    tunable.dispose();
    return { fault: null, block: tunable.block, trained, noGpu: await whyNoGpu() };
  } catch (error) {
    if (!(error instanceof UnusableModel)) throw error;
    return { ...none, fault: error.message };
  }
}

/** @throws TooFewLabels, UnusableModel, StorageFull, Stopped */
export async function tuneEncoder(input: TuningInput, tools: TuningTools): Promise<TuningResult> {
  const { model, report, stop } = tools;
  const train = await gather(input.train, input.classes, tools);
  const holdOut = await gather(input.holdOut, input.classes, tools);
  throwIfFew(input, train, holdOut);
  const activation = input.answerMode === "single" ? "softmax" : "sigmoid";
  const { trainOn } = await import("./encoders/pretrained/tfjs-tune");
  const { files, block, record } = await trainOn(train, activation, input, {
    ...tools,
    random: createRandom(input.seed).fork("fine-tuning"),
  });
  const tunedFolder = new ModelFolder(model.name, files);
  const total = 2 * (train.length + holdOut.length);
  const comparing = { step: "comparing", total, secondsPerStep: null } as const;
  let done = 0;
  const embedded = (items: number) => report({ ...comparing, done: (done += items) });
  const tuned: PretrainedModel = {
    ...model,
    id: await identify(tunedFolder, model),
    name: tunedName(model),
    precision: "float32",
    files: files.map(([path, file]) => ({ path, sizeBytes: file.size })),
    sizeBytes: files.reduce((sum, [, { size }]) => sum + size, 0),
    addedAt: tools.date(),
  };
  const before = await embedBoth(model, tools.folder, train, holdOut, embedded, tools);
  const after = await embedBoth(tuned, tunedFolder, train, holdOut, embedded, tools);
  const rows = {
    trainTargets: targetsOf(train, input.classes),
    holdOutTargets: targetsOf(holdOut, input.classes),
    classes: input.classes,
    activation,
  } as const;
  const comparison = compareOnHoldOut(before, after, rows, stop);
  const { loss, device, learningRate, mirror } = input;
  const choice = { loss, device, learningRate, mirror };
  const account = { ...record, ...comparison, ...choice, block, from: model.id, fromName: model.name };
  if (comparison.difference.value <= 0) return { account, model: null };
  const kept = { ...tuned, tuned: account };
  throwIfStopped(stop);
  await tools.save(kept, tunedFolder);
  return { account, model: kept };
}

function tunedName({ name }: PretrainedModel): string {
  const again = /^(.*), tuned(?: (\d+) times)?$/.exec(name);
  return again ? `${again[1]}, tuned ${Number(again[2] ?? 1) + 1} times` : `${name}, tuned`;
}

/** Items that are still here, each with one place a class. */
async function gather(
  labelled: readonly LabelledRow[],
  classes: number,
  { load, stop }: TuningTools,
): Promise<Labelled[]> {
  const found: Labelled[] = [];
  for (const { row, classes: own } of labelled) {
    throwIfStopped(stop);
    const item = await load(row);
    const target = new Uint8Array(classes);
    for (const one of own) target[one] = 1;
    if (item) found.push({ item, target });
  }
  return found;
}

function throwIfFew(
  { loss, answerMode }: TuningInput,
  train: readonly Labelled[],
  holdOut: readonly Labelled[],
): void {
  if (loss === "hard-triplet" && answerMode !== "single")
    throw new UnusableModel("Triplets need exactly one class per item. Choose the other loss.");
  if (train.length < fewestTrained)
    throw new TooFewLabels(
      `Fine-tuning needs ${fewestTrained} answers to learn from, and there are ${train.length}. Answer a few more questions.`,
    );
  if (holdOut.length < fewestHoldOut)
    throw new TooFewLabels(
      `Whether the tuned encoder is better is told by the hold-out, which needs ${fewestHoldOut} answers and has ${holdOut.length}. Answer a few more questions.`,
    );
}

function targetsOf(labelled: readonly Labelled[], classes: number): Uint8Array {
  const targets = new Uint8Array(labelled.length * classes);
  labelled.forEach(({ target }, at) => targets.set(target, at * classes));
  return targets;
}

/** As the project would have them: through the model's own files, on the device it would run on. */
async function embedBoth(
  model: PretrainedModel,
  folder: ModelFolder,
  train: readonly Labelled[],
  holdOut: readonly Labelled[],
  embedded: (items: number) => void,
  tools: TuningTools,
): Promise<EncoderRows> {
  const { encoder, close } = await openPretrained(model, folder);
  try {
    if (encoder.kind !== "image") throw new UnusableModel("Only encoders of images can be fine-tuned.");
    const { dims } = encoder;
    const all = [...train, ...holdOut];
    const values = new Float32Array(all.length * dims);
    for (let from = 0; from < all.length; from += batchItems) {
      throwIfStopped(tools.stop);
      const images: ImageInput[] = [];
      const rows: number[] = [];
      for (const [at, { item }] of all.slice(from, from + batchItems).entries()) {
        const image = await tools.read(item, encoder.maxSide);
        // One that cannot be read keeps a row of zeros, as it has among the project's embeddings.
        if (!image) continue;
        images.push(image);
        rows.push(from + at);
      }
      const found = await encoder.encode(images, {});
      rows.forEach((row, at) => values.set(found.subarray(at * dims, (at + 1) * dims), row * dims));
      embedded(Math.min(batchItems, all.length - from));
      await nextTask();
    }
    const split = train.length * dims;
    return { dims, train: values.subarray(0, split), holdOut: values.subarray(split) };
  } finally {
    close();
  }
}
