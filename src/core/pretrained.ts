// A pretrained encoder as it is described and stored: whose files, where it is cut, and how an item becomes its
// input. The files themselves lie in storage, and what runs them in the embedder.

import type { TuningAccount } from "./fine-tuning/tuning";
import type { ItemKind } from "./project";

export type ModelFormat = "tfjs-layers" | "tfjs-graph" | "onnx";

/** Of the numbers a model is stored in; part of what its embeddings are keyed by. */
export type Precision = "float32" | "float16" | "int8" | "int4";

/** How an image becomes the numbers a model takes. */
export interface PixelInput {
  readonly kind: "image";
  readonly width: number;
  readonly height: number;
  /** 1: grey. */
  readonly channels: 1 | 3;
  /** Colours of a pixel side by side, or one plane after the other. */
  readonly layout: "pixels" | "planes";
  /** `stretch`: the whole image, its shape given up. `crop`: its middle, its shape kept. */
  readonly fit: "stretch" | "crop";
  /** `crop` scales the shorter side to this many pixels before it takes the middle out. */
  readonly shorterSide: number;
  readonly resample: "nearest" | "bilinear" | "bicubic";
  /** A pixel's 0 to 255 becomes value · scale, then (value − mean) / deviation of its channel. */
  readonly scale: number;
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** How the states of a text's tokens become one embedding; `model` where the model says it itself. */
export type Pooling = "mean" | "first" | "last" | "model";

export interface TokenInput {
  readonly kind: "text";
  /** Longer texts are cut off here. */
  readonly maxTokens: number;
  readonly pooling: Pooling;
}

export type ModelInput = PixelInput | TokenInput;

export interface ModelFileEntry {
  /** Relative to the model's own folder. */
  readonly path: string;
  readonly sizeBytes: number;
}

export interface PretrainedModel {
  /** `model-` and a hash over files, cut and input: another choice is another encoder. */
  readonly id: string;
  readonly name: string;
  readonly format: ModelFormat;
  readonly kind: ItemKind;
  readonly precision: Precision;
  readonly dims: number;
  /** Layer, node or output whose values are the embedding. */
  readonly cut: string;
  readonly input: ModelInput;
  readonly files: readonly ModelFileEntry[];
  readonly sizeBytes: number;
  readonly addedAt: number;
  /** How it was made of another model by fine-tuning; absent where it came as it is. */
  readonly tuned?: TuningAccount;
}

/** A place where a model can be cut. */
export interface Cut {
  readonly id: string;
  readonly label: string;
  /** null where only running it would tell. */
  readonly dims: number | null;
}

/** What the files of a model say of it, for the person to look at before it is kept. */
export interface ModelSurvey {
  readonly name: string;
  readonly format: ModelFormat;
  readonly kind: ItemKind;
  readonly precision: Precision;
  readonly cuts: readonly Cut[];
  /** The cut that is taken unless the person takes another. */
  readonly cut: string;
  readonly input: ModelInput;
  /** Where the preparation was read from; null where it is a guess the person must look at. */
  readonly inputFrom: string | null;
  readonly sizeBytes: number;
}

const modelPrefix = "model-";

export function isModelId(encoderId: string): boolean {
  return encoderId.startsWith(modelPrefix);
}

export function modelIdOf(hash: string): string {
  return modelPrefix + hash.slice(0, 16);
}
