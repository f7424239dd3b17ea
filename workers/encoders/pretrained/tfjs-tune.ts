// Fine-tuning from images to a model's files: the front once over a few changed versions of each labelled image, on
// the fastest device, then the training of the block where there are gradients.

import * as tf from "@tensorflow/tfjs-core";
import { throwIfStopped, type StopSignal } from "../../../src/core/errors";
import type { TrainingRecord, TuningChoice } from "../../../src/core/fine-tuning/tuning";
import type { Item } from "../../../src/core/item";
import type { Activation } from "../../../src/core/kernels/kernels";
import type { PixelInput, PretrainedModel } from "../../../src/core/pretrained";
import type { Random } from "../../../src/core/random";
import { UnusableModel, type ModelFolder } from "../../../src/formats/models/model-files";
import { nextTask } from "../../serve";
import type { TuningProgress } from "../../tune-encoder";
import type { ImageInput } from "../encoder";
import { augment } from "./augment";
import { prepareBatch } from "./prepare-pixels";
import { throwIfDeviceFailed, useTfjsDevice, whyNoGpu } from "./tfjs-devices";
import { trainBlock, type Example } from "./tfjs-train";
import { openTunable } from "./tfjs-tunable";

/** The image itself and so many changed ones, where memory allows. */
const mostViews = 6;
/** Numbers of the front's output held at once: a quarter of a gigabyte. */
const mostHeld = 64_000_000;

export interface LabelledItem {
  readonly item: Item;
  readonly target: Uint8Array;
}

export interface TrainTools {
  readonly model: PretrainedModel;
  readonly folder: ModelFolder;
  readonly random: Random;
  read(item: Item, maxSide: number): Promise<ImageInput | null>;
  now(): number;
  report(progress: TuningProgress): void;
  readonly stop: StopSignal;
}

export interface Trained {
  readonly files: readonly (readonly [path: string, file: Blob])[];
  readonly block: readonly string[];
  readonly record: TrainingRecord;
}

/** @throws UnusableModel where the model or the device cannot be trained, Stopped, TooFewLabels */
export async function trainOn(
  labelled: readonly LabelledItem[],
  activation: Activation,
  choice: TuningChoice,
  tools: TrainTools,
): Promise<Trained> {
  const { model, folder, random, now, report, stop } = tools;
  const noGpu = choice.device === "webgpu" ? await whyNoGpu() : null;
  if (noGpu) throw new UnusableModel(`${noGpu} Train on the processor, or on another computer.`);
  const { examples, shape } = await look(labelled, choice, tools);
  await useTfjsDevice(choice.device);
  const tunable = await openTunable(folder, model.cut);
  try {
    const record = await trainBlock(tunable, examples, {
      ...choice,
      shape,
      classes: labelled[0]!.target.length,
      activation,
      random: random.fork("training"),
      now,
      report: (done, total, secondsPerStep) => report({ step: "training", done, total, secondsPerStep }),
      throwIfDeviceFailed: () => throwIfDeviceFailed(choice.device),
      stop,
    });
    return { files: await tunable.save(), block: tunable.block, record };
  } catch (error) {
    throw asUnusable(error);
  } finally {
    tunable.dispose();
  }
}

/** The front's view of each item that can be read. */
async function look(
  labelled: readonly LabelledItem[],
  { device, mirror }: TuningChoice,
  { model, folder, random, read, report, stop }: TrainTools,
): Promise<{ readonly examples: Example[]; readonly shape: readonly number[] }> {
  const input = model.input as PixelInput;
  await useTfjsDevice(device);
  const tunable = await openTunable(folder, model.cut);
  const changes = random.fork("changes");
  const examples: Example[] = [];
  let shape: readonly number[] = [];
  let views = mostViews;
  try {
    for (const [at, { item, target }] of labelled.entries()) {
      throwIfStopped(stop);
      report({ step: "looking", done: at, total: labelled.length, secondsPerStep: null });
      const image = await read(item, 2 * Math.max(input.width, input.height, input.shorterSide));
      if (!image) continue;
      const shown = [image, ...Array.from({ length: views - 1 }, () => augment(image, mirror, changes))];
      const batch = tf.tensor4d(prepareBatch(shown, input), [
        shown.length,
        input.height,
        input.width,
        input.channels,
      ]);
      const seen = tf.tidy(() => tunable.front(batch));
      batch.dispose();
      shape = seen.shape.slice(1);
      const values = (await seen.data()) as Float32Array;
      seen.dispose();
      throwIfDeviceFailed(device);
      const each = values.length / shown.length;
      examples.push({ views: shown.map((_, view) => values.slice(view * each, (view + 1) * each)), target });
      views = viewsWithin(each, labelled.length);
      await nextTask();
    }
  } finally {
    tunable.dispose();
  }
  return { examples, shape };
}

/** @throws UnusableModel where not even the images themselves fit. */
function viewsWithin(each: number, items: number): number {
  const views = Math.floor(mostHeld / (each * items));
  if (views >= 1) return Math.min(mostViews, views);
  throw new UnusableModel(
    `The model's last block takes ${each.toLocaleString("en")} numbers an image, too many to hold for ${items.toLocaleString("en")} images at once. Choose a smaller model.`,
  );
}

/** A device that lacks the gradient of one of the block's operations says so only when it comes to it. */
function asUnusable(error: unknown): unknown {
  const message = error instanceof Error ? error.message : String(error);
  const operation = /(?:gradient function not found for|Kernel) '?(\w+)'?/.exec(message)?.[1];
  if (!operation) return error;
  return new UnusableModel(
    `The model's last block uses the operation "${operation}", which cannot be trained on this device. Train on another, or choose another model.`,
    { cause: error },
  );
}
