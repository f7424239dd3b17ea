// What fine-tuning an encoder is asked for and what comes of it, as data.

import type { AnswerMode } from "../project";
import type { Estimate, LabelledRow } from "../round";

/**
 * `cross-entropy` trains the block together with a linear head; `hard-triplet` pulls each item to the farthest of
 * its class and away from the nearest of another, and needs exactly one class per item.
 */
export type TuningLoss = "cross-entropy" | "hard-triplet";

/** What can train. */
export type TuningDevice = "webgpu" | "wasm";

export interface TuningChoice {
  readonly loss: TuningLoss;
  readonly device: TuningDevice;
  /** Of the block; the head learns ten times as fast. */
  readonly learningRate: number;
  /** Whether an item mirrored left to right is still of its class. */
  readonly mirror: boolean;
}

export interface TuningInput extends TuningChoice {
  readonly modelId: string;
  readonly train: readonly LabelledRow[];
  /** Never trained on; what the encoder before and the tuned one are compared by. */
  readonly holdOut: readonly LabelledRow[];
  readonly classes: number;
  readonly answerMode: AnswerMode;
  readonly seed: number;
}

/** Steps of Adam for the block, by how people may think of them. */
export const learningRates = {
  initial: 0.0003,
  all: [
    { value: 0.0001, label: "Small (0.0001)" },
    { value: 0.0003, label: "Middle (0.0003)" },
    { value: 0.001, label: "Large (0.001)" },
    { value: 0.003, label: "Very large (0.003), for networks that know little" },
  ],
} as const;

/** Fewer hold-out items than this cannot tell the two encoders apart. */
export const fewestHoldOut = 10;
/** Fewer training labels than this leave nothing to hold back for stopping early. */
export const fewestTrained = 20;

/** What training did, epoch by epoch. */
export interface TrainingRecord {
  /** Loss on the held-back part of the training labels: before training, then after each epoch. */
  readonly heldBackLoss: readonly number[];
  /** Whose weights were kept; 0 where training made nothing better. */
  readonly bestEpoch: number;
  readonly fitted: number;
  readonly heldBack: number;
  readonly secondsPerStep: number;
}

/** The encoder before and the tuned one, each with a plain head of its own, on the same hold-out. */
export interface TuningComparison {
  readonly before: Estimate;
  readonly after: Estimate;
  /** After minus before, from the items on which only one of them is right. */
  readonly difference: Estimate;
}

export interface TuningAccount extends TrainingRecord, TuningComparison, TuningChoice {
  /** Of the encoder that was tuned. */
  readonly from: string;
  readonly fromName: string;
  /** Layers that were trained, from the input on. */
  readonly block: readonly string[];
}
