// What a head leaves behind once it is fitted, by kind: all that is needed to predict, as plain data that can be
// stored and sent. Scores a model over a pool through the kernels, and over a few rows in plain arithmetic.

import type { StopSignal } from "../errors";
import { logitsOf } from "./fit-linear";
import type { Activation, Kernels, LinearLayer, ResidentMatrix, Scores } from "../kernels/kernels";
import { scoresFromLogits } from "../kernels/scores";
import { mlpLogits, poolMlpLogits } from "./mlp-logits";
import { nearestLogits, poolNearestLogits } from "./nearest-logits";

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

export type Model = LinearModel | MlpModel | NearestModel;

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
  }
}

/** Scores of every row of the matrix. @throws Stopped when told to stop. */
export async function scoreModel(
  model: Model,
  matrix: ResidentMatrix,
  kernels: Kernels,
  stop: StopSignal | null,
): Promise<Scores> {
  switch (model.kind) {
    case "linear":
      return kernels.scores(matrix, model.layer, model.activation);
    case "mlp":
      return finish(model, matrix, await poolMlpLogits(model, matrix, kernels, stop));
    case "k-nearest":
      return finish(model, matrix, await poolNearestLogits(model, matrix, kernels, stop));
  }
}

/** The same for a few rows, in plain float64. @param features row-major, rows × dims. @returns rows × classes. */
export function modelLogits(model: Model, features: Float32Array, rows: number): Float64Array {
  switch (model.kind) {
    case "linear":
      return logitsOf(model.layer, features, rows);
    case "mlp":
      return mlpLogits(model, features, rows);
    case "k-nearest":
      return nearestLogits(model, features, rows);
  }
}

/** The layer to start the next linear fit from; null where the model is of another kind. */
export function linearLayerOf(model: Model | null): LinearLayer | null {
  return model?.kind === "linear" ? model.layer : null;
}

/** The layers, with a ReLU after each but the last, of models that are layers; null for the others. */
export function denseLayersOf(model: Model): readonly LinearLayer[] | null {
  switch (model.kind) {
    case "linear":
      return [model.layer];
    case "mlp":
      return [model.hidden, model.output];
    case "k-nearest":
      return null;
  }
}

function finish(model: Model, { rows }: ResidentMatrix, logits: Float32Array | Float64Array): Scores {
  return scoresFromLogits(logits, rows, shapeOf(model).classes, model.activation);
}
