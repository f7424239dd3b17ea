// The contract of an encoder: turns items into rows of length 1. One file each in this folder besides this
// one and registry.ts. Encoders run in the embedder worker and know nothing of storage.

import type { StopSignal } from "../../src/core/errors";
import type { TermRows } from "../../src/core/learning/terms";
import type { ItemKind } from "../../src/core/project";

/** What an encoder is given: pixels of an upright image, sRGB, or the text itself. */
export interface ImageInput {
  /** Row-major RGBA, width × height × 4. Alpha already laid over white. */
  readonly pixels: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** What an encoder learnt from the person's items; stored as it is, so plain data and typed arrays only. */
export interface EncoderState {
  readonly [name: string]: number | string | Float32Array | Uint32Array | Int32Array;
}

interface EncoderBase<Input> {
  /** The file name. */
  readonly id: string;
  /** Raised when the same input would give another embedding. */
  readonly version: number;
  readonly label: string;
  readonly summary: string;
  readonly paper?: string;
  readonly dims: number;
  /** Items given to `encode` at once, where all of a chunk would take too much memory or time. */
  readonly batchItems?: number;
  /**
   * Learns from the items where there is something to learn (document frequencies, means). `items` is a
   * sample in random order, never all of a large project held at once. Deterministic under `seed`.
   * @param report is told what share of the work is done, 0 to 1, ever more, once the sample is read.
   */
  learn(
    items: AsyncIterable<Input>,
    seed: number,
    stop: StopSignal | null,
    report?: (share: number) => void,
  ): Promise<EncoderState>;
  /** Rows × dims, row-major, each of Euclidean length 1 (or all 0 where the input carries nothing). */
  encode(inputs: readonly Input[], state: EncoderState): Float32Array | Promise<Float32Array>;
}

export interface ImageItemEncoder extends EncoderBase<ImageInput> {
  readonly kind: Extract<ItemKind, "image">;
  /** Images are scaled to fit into a square of this many pixels before `encode`, keeping their shape. */
  readonly maxSide: number;
}

export interface TextItemEncoder extends EncoderBase<string> {
  readonly kind: Extract<ItemKind, "text">;
  /** The same embeddings as `encode` gives, and the terms of each text beside them, where the encoder counts terms. */
  encodeWithTerms?(inputs: readonly string[], state: EncoderState): Promise<EncodedTexts>;
}

export interface EncodedTexts {
  readonly values: Float32Array;
  readonly terms: TermRows;
}

export type Encoder = ImageItemEncoder | TextItemEncoder;
