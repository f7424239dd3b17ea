// Compares encoders on a labelled handful: each embeds the same items, a plain head is cross-validated on what
// they became, and the time is taken.

import { throwIfStopped, type StopSignal } from "../src/core/errors";
import { crossValidate } from "../src/core/evaluation/cross-validate";
import type { Item } from "../src/core/item";
import type { AnswerMode } from "../src/core/project";
import { createRandom } from "../src/core/random";
import type { Estimate, LabelledRow } from "../src/core/round";
import type { TrainingSet } from "../src/core/learning/head";
import { nextTask } from "./serve";

/** More narrows the interval little and makes slow encoders wait long. */
const mostCompared = 200;

export interface ComparedEncoder {
  /** null for the kind's own. */
  readonly encoderId: string | null;
  readonly dims: number;
  readonly accuracy: Estimate;
  /** Decoding included, learning from the items not. */
  readonly itemsPerSecond: number;
  readonly device: string;
}

/** One that could not be compared, and why, as a sentence. */
export interface ComparisonFault {
  readonly encoderId: string | null;
  readonly fault: string;
}

export interface ComparisonInput {
  readonly labelled: readonly LabelledRow[];
  readonly classes: number;
  readonly answerMode: AnswerMode;
  readonly encoderIds: readonly (string | null)[];
  readonly seed: number;
}

/** An encoder that has learnt what it learns. */
export interface ReadyEncoder {
  readonly dims: number;
  readonly device: string;
  /** Rows × dims. */
  encode(items: readonly Item[]): Promise<Float32Array>;
}

export interface ComparisonTools {
  open(encoderId: string | null): Promise<ReadyEncoder>;
  /** The item of a row; null where it is gone. */
  load(row: number): Promise<Item | null>;
  now(): number;
  /** Called after each encoder. */
  report(done: number): void;
  readonly stop: StopSignal;
}

export async function compareEncoders(
  { labelled, classes, answerMode, encoderIds, seed }: ComparisonInput,
  { open, load, now, report, stop }: ComparisonTools,
): Promise<(ComparedEncoder | ComparisonFault)[]> {
  const drawn = createRandom(seed)
    .fork("compare encoders")
    .sample(labelled.length, Math.min(labelled.length, mostCompared));
  const items: Item[] = [];
  const answers: (readonly number[])[] = [];
  for (const at of drawn) {
    const item = await load(labelled[at]!.row);
    if (!item) continue;
    items.push(item);
    answers.push(labelled[at]!.classes);
  }
  const compared: (ComparedEncoder | ComparisonFault)[] = [];
  for (const encoderId of encoderIds) {
    throwIfStopped(stop);
    try {
      const ready = await open(encoderId);
      const startedAt = now();
      const features = await ready.encode(items);
      const seconds = (now() - startedAt) / 1000;
      const training = toTraining(features, ready.dims, answers, classes);
      const activation = answerMode === "single" ? "softmax" : "sigmoid";
      const accuracy = crossValidate(training, activation, createRandom(seed).fork("folds"), stop);
      const { dims, device } = ready;
      compared.push({ encoderId, dims, device, accuracy, itemsPerSecond: items.length / seconds });
    } catch (error) {
      throwIfStopped(stop);
      compared.push({ encoderId, fault: error instanceof Error ? error.message : String(error) });
    }
    report(compared.length);
    await nextTask();
  }
  return compared;
}

function toTraining(
  features: Float32Array,
  dims: number,
  answers: readonly (readonly number[])[],
  classes: number,
): TrainingSet {
  const targets = new Uint8Array(answers.length * classes);
  answers.forEach((own, row) => {
    for (const one of own) targets[row * classes + one] = 1;
  });
  const places = Uint32Array.from(answers, (_, row) => row);
  return { features, rows: answers.length, dims, targets, classes, places };
}
