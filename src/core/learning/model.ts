// What a head leaves behind once it is fitted, by kind: all that is needed to predict, as plain data that can be
// stored and sent. Scores a model over a pool through the kernels, and over a few rows in plain arithmetic.

import type { StopSignal } from "../errors";
import { logitsOf } from "./fit-linear";
import type { Activation, Kernels, LinearLayer, ResidentMatrix, Scores } from "../kernels/kernels";
import { scoresFromLogits } from "../kernels/scores";
import { mlpLogits, poolMlpLogits } from "./mlp-logits";
import { nearestLogits, poolNearestLogits } from "./nearest-logits";
import { addTermLogits, type TermLayer, type TermRows } from "./terms";

/** logits = X W + b. */
export interface LinearModel {
  readonly kind: "linear";
  readonly layer: LinearLayer;
  readonly activation: Activation;
}

/** logits = max(0, X W₁ + b₁) W₂ + b₂. */
export interface MlpModel {
  readonly kind: "mlp";
  readonly hidden: LinearLayer;
  /** Takes as many dimensions as `hidden` has columns. */
  readonly output: LinearLayer;
  readonly activation: Activation;
}

/** A vote of the labelled rows most like the one in question; ./nearest-logits.ts has the formula. */
export interface NearestModel {
  readonly kind: "k-nearest";
  readonly k: number;
  readonly dims: number;
  readonly classes: number;
  /** Where each labelled row stands among all items. */
  readonly places: Uint32Array;
  /** Of the labelled rows, row-major, rows × dims. */
  readonly features: Float32Array;
  /** Rows × classes of 0 and 1. */
  readonly targets: Uint8Array;
  /** What the logits are divided by. */
  readonly temperature: number;
  readonly activation: Activation;
}

/** Models over embeddings alone. */
export type EmbeddingModel = LinearModel | MlpModel | NearestModel;

/** logits = baseShare · logits of the base + those of the terms. */
export interface TermModel {
  readonly kind: "with-terms";
  /** Calibrated by itself, so that it can be used where nobody knows the terms. */
  readonly base: LinearModel | MlpModel;
  readonly baseShare: number;
  readonly terms: TermLayer;
  readonly activation: Activation;
}

export type Model = EmbeddingModel | TermModel;

export interface ModelShape {
  readonly dims: number;
  readonly classes: number;
}

export function shapeOf(model: Model): ModelShape {
  switch (model.kind) {
    case "linear":
      return { dims: model.layer.dims, classes: model.layer.classes };
    case "mlp":
      return { dims: model.hidden.dims, classes: model.output.classes };
    case "k-nearest":
      return { dims: model.dims, classes: model.classes };
    case "with-terms":
      return shapeOf(model.base);
  }
}

/**
 * Scores of every row of the matrix.
 * @param terms of the same rows; null where the model reads none, or they are not kept.
 * @throws Stopped when told to stop; Error where the model reads terms and there are none.
 */
export async function scoreModel(
  model: Model,
  matrix: ResidentMatrix,
  kernels: Kernels,
  stop: StopSignal | null,
  terms: TermRows | null = null,
): Promise<Scores> {
  switch (model.kind) {
    case "linear":
      return kernels.scores(matrix, model.layer, model.activation);
    case "mlp":
      return finish(model, matrix, await poolMlpLogits(model, matrix, kernels, stop));
    case "k-nearest":
      return finish(model, matrix, await poolNearestLogits(model, matrix, kernels, stop));
    case "with-terms": {
      const { base } = model;
      const ofBase =
        base.kind === "mlp"
          ? await poolMlpLogits(base, matrix, kernels, stop)
          : await poolLinearLogits(base.layer, matrix, kernels);
      return finish(model, matrix, withTerms(model, ofBase, termsFor(terms, matrix.rows)));
    }
  }
}

async function poolLinearLogits(
  { weights, bias, classes }: LinearLayer,
  matrix: ResidentMatrix,
  kernels: Kernels,
): Promise<Float32Array> {
  const logits = await kernels.multiply(matrix, weights, classes);
  for (let at = 0; at < logits.length; at++) logits[at]! += bias[at % classes]!;
  return logits;
}

/** In place: logits of the base in, those of the whole out. */
function withTerms<T extends Float32Array | Float64Array>(
  { baseShare, terms: layer }: TermModel,
  logits: T,
  terms: TermRows,
): T {
  for (let at = 0; at < logits.length; at++) logits[at]! *= baseShare;
  addTermLogits(layer, terms, logits);
  return logits;
}

function termsFor(terms: TermRows | null, rows: number): TermRows {
  if (terms?.rows === rows) return terms;
  throw new Error(
    "The words this model reads are not stored for these items. Let the items be embedded again, or choose a round without words.",
  );
}

/**
 * The same for a few rows, in plain float64.
 * @param features row-major, rows × dims.
 * @param terms of the same rows; null where the model reads none.
 * @returns rows × classes.
 */
export function modelLogits(model: EmbeddingModel, features: Float32Array, rows: number): Float64Array;
export function modelLogits(
  model: Model,
  features: Float32Array,
  rows: number,
  terms: TermRows | null,
): Float64Array;
export function modelLogits(
  model: Model,
  features: Float32Array,
  rows: number,
  terms: TermRows | null = null,
): Float64Array {
  switch (model.kind) {
    case "linear":
      return logitsOf(model.layer, features, rows);
    case "mlp":
      return mlpLogits(model, features, rows);
    case "k-nearest":
      return nearestLogits(model, features, rows);
    case "with-terms":
      return withTerms(model, modelLogits(model.base, features, rows), termsFor(terms, rows));
  }
}

/** Whether the model reads terms beside embeddings. */
export function readsTerms(model: Model | null): model is TermModel {
  return model?.kind === "with-terms";
}

/** The model without terms, calibrated by itself: the whole where it reads none. */
export function overEmbeddings(model: Model): EmbeddingModel {
  return readsTerms(model) ? model.base : model;
}

/** The layer over embeddings to start the next linear fit from; null where the model has none such. */
export function linearLayerOf(model: Model | null): LinearLayer | null {
  const base = model && overEmbeddings(model);
  return base?.kind === "linear" ? base.layer : null;
}

/** The layers, with a ReLU after each but the last, of models that are layers; null for the others. */
export function denseLayersOf(model: Model): readonly LinearLayer[] | null {
  switch (model.kind) {
    case "linear":
      return [model.layer];
    case "mlp":
      return [model.hidden, model.output];
    case "k-nearest":
    case "with-terms":
      return null;
  }
}

function finish(model: Model, { rows }: ResidentMatrix, logits: Float32Array | Float64Array): Scores {
  return scoresFromLogits(logits, rows, shapeOf(model).classes, model.activation);
}
