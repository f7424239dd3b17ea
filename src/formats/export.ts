// The contract of an exporter: what a project holds in, the bytes of one file out. One file each in ./exporters.

import type { Origin, Slice } from "../core/event";
import type { StopSignal } from "../core/errors";
import type { ItemId } from "../core/ids";
import type { Model } from "../core/learning/model";
import type { PretrainedModel } from "../core/pretrained";
import type { AnswerMode, ItemKind } from "../core/project";
import type { Problem } from "./reader";

/** One item and what is said of it now. */
export interface LabelRecord {
  readonly itemId: ItemId;
  readonly name: string;
  readonly path: string;
  readonly kind: ItemKind;
  /** Pixels, upright; 0 for texts. */
  readonly width: number;
  readonly height: number;
  /** null for images. */
  readonly text: string | null;
  /** Names. Empty unless labelled; may be empty then too, where a multiple project says "none of them". */
  readonly classes: readonly string[];
  readonly status: "labelled" | "skipped" | "unsure" | "unlabelled";
  readonly slice: Slice | null;
  readonly origin: Origin | null;
  readonly annotator: string | null;
  /** Milliseconds since 1970. */
  readonly at: number | null;
  readonly round: number | null;
  readonly tookMs: number | null;
  readonly given: string | null;
  readonly guess: string | null;
  /** Probability of the guess, 0 to 1. */
  readonly confidence: number | null;
  /** What the newest model thinks of it now; null where there is none, or nobody asked. */
  readonly opinion: Opinion | null;
}

export interface Opinion {
  readonly guess: string;
  /** Of the guess, 0 to 1. */
  readonly probability: number;
  /** Entropy of the class probabilities over its largest possible value, 0 to 1. */
  readonly uncertainty: number;
  /**
   * Probability of the label the item has, by a model that has not learnt from it where one could be asked; of several
   * labels the least likely. null where it has none.
   */
  readonly labelProbability: number | null;
  /** Whether the label looks like a mistake; null where it has none. */
  readonly suspect: boolean | null;
}

export interface ExportedHead {
  readonly model: Model;
  /** Names, in the order of the model's outputs. */
  readonly classes: readonly string[];
  /** What made the vectors the head was fitted on. */
  readonly encoder: { readonly id: string; readonly version: string; readonly dims: number };
}

/** The encoder a head was fitted on, where it was trained elsewhere. */
export interface EncoderFiles {
  readonly model: PretrainedModel;
  /** As the person gave it. @throws where the model has no such file. */
  file(path: string): Blob;
}

/** A model as TensorFlow.js saves it. */
export interface TfjsArtifacts {
  readonly format: "layers-model" | "graph-model";
  readonly topology: object;
  /** Of a graph: the names of its input and its output. */
  readonly signature?: object;
  readonly weightSpecs: readonly object[];
  /** Of all of them, one after the other. */
  readonly weights: ArrayBuffer;
}

export interface ExportSource {
  readonly projectName: string;
  readonly answerMode: AnswerMode;
  /** Names of the project's classes, in its order. */
  readonly classes: readonly string[];
  /** From the beginning at each call. */
  records(): AsyncIterable<LabelRecord> | Iterable<LabelRecord>;
  /** The original bytes; null where they cannot be reached any more. */
  readBytes(itemId: ItemId): Promise<Blob | null>;
  readonly head: ExportedHead | null;
  /**
   * For pages that classify by themselves: their program, one classic script, and what the encoder of the head
   * learnt. Rejects with a sentence where the encoder is none they could carry.
   */
  readonly standalone?: () => Promise<{ readonly script: string; readonly encoderState: unknown }>;
  /** For exports that hold the encoder too. Rejects with a sentence where it is none that was trained elsewhere. */
  readonly encoderFiles?: () => Promise<EncoderFiles>;
  /** Encoder and head as one TensorFlow.js model. Rejects with a sentence where the encoder is none. */
  readonly joinTfjs?: (head: ExportedHead) => Promise<TfjsArtifacts & { readonly encoder: PretrainedModel }>;
  readonly appVersion: string;
  /** Milliseconds since 1970; the only time an exporter knows. */
  readonly createdAt: number;
  /** Told of each thing that could not go into the file; the rest goes in. */
  report(problem: Problem): void;
}

/** By what the file is for: to keep, to go on in another tool, to train elsewhere, to predict elsewhere. */
export type ExportGroup = "labels" | "tool" | "training" | "model";

export interface Exporter {
  /** The file name. */
  readonly id: string;
  readonly label: string;
  /** One sentence: what is in the file and who reads it. */
  readonly summary: string;
  readonly kinds: readonly ItemKind[];
  /** Which part of the export screen it is listed in. */
  readonly group: ExportGroup;
  /** Whether it writes what the model thinks of each item, which takes a moment to work out. */
  readonly wantsOpinions?: boolean;
  /** Needs `head`; cannot be chosen before there is a model. */
  readonly needsHead: boolean;
  /** Whether the file can hold a model that reads terms beside embeddings; others are given the part without. */
  readonly carriesTerms?: boolean;
  /** Of the file written, with the dot. */
  readonly extension: string;
  readonly mime: string;
  /**
   * Streams the file. Stop iterating, or `stop`, to give up; nothing is left running.
   * @throws Stopped; Error where `needsHead` and there is none, or one of a kind that the format cannot hold.
   */
  write(source: ExportSource, stop: StopSignal | null): AsyncIterable<Uint8Array<ArrayBuffer>>;
}
