// Brings a fitted head up to a few more answers without fitting it anew, at a cost that depends neither on the pool
// nor on how the head was fitted (after Li and Hoiem, Learning without Forgetting, 2016).

import { subset } from "./folds";
import type { FittedHead, TrainingSet } from "./head";
import type { Activation, LinearLayer } from "../kernels/kernels";
import { minimise } from "./lbfgs";
import { plainProducts } from "./linear-products";
import type { NearestModel } from "./model";
import type { LabelledRow } from "../round";

/** A head and the labels it was fitted to. */
export interface FitBase {
  readonly fitted: FittedHead;
  /** Ids joined: rows count in these classes. */
  readonly classes: string;
  readonly train: readonly LabelledRow[];
}

/** How much one answer counts against what the head held before; a label's weight in a plain fit. */
const weightOfAnswer = 10;
/** Labels before that hold the head where it is; more of them say little more. */
const mostAnchors = 400;
// An update is made for one look at the pool; the next fit is exact.
const tolerance = 1e-5;
const maxIterations = 60;

/**
 * Marks with 1 the labels that came after the base; null where the base does not lead to these: other classes, or a
 * label that was taken back or changed.
 */
export function freshSince(base: FitBase, train: readonly LabelledRow[], classes: string): Uint8Array | null {
  if (base.classes !== classes) return null;
  const before = new Map(base.train.map((one) => [one.row, one.classes.join()]));
  const isFresh = new Uint8Array(train.length);
  let kept = 0;
  for (const [at, one] of train.entries()) {
    const known = before.get(one.row);
    if (known === undefined) isFresh[at] = 1;
    else if (known === one.classes.join()) kept++;
    else return null;
  }
  return kept === before.size ? isFresh : null;
}

/**
 * For each layer W of the head, the W' that minimises 10 · Σ cross entropy + ½‖W' − W‖² before calibration: the fresh
 * rows with their labels, the others with what W says of them. To second order that is the fit anew of a penalised
 * linear head, whose pull on the labels before is in balance at W. A nearest-neighbour model takes the rows in.
 * @param training all labels. @param isFresh for each of its rows, 1 where it came after the fit.
 * @returns null for models that cannot be updated this way.
 */
export function updateHead(
  fitted: FittedHead,
  training: TrainingSet,
  isFresh: Uint8Array,
): FittedHead | null {
  if (!isFresh.includes(1)) return fitted;
  const { model, posterior, temperature } = fitted;
  const fresh = subset(training, rowsWhere(isFresh, 1));
  if (model.kind === "mlp" || model.kind === "with-terms") return null;
  if (model.kind === "k-nearest") return { ...fitted, model: takeIn(model, fresh) };
  const lesson = { fresh, anchors: subset(training, thinned(rowsWhere(isFresh, 0))) };
  const update = (layer: LinearLayer) => updateLayer(layer, lesson, model.activation, temperature);
  return {
    ...fitted,
    model: { ...model, layer: update(model.layer) },
    // The spread of a Gaussian is left as it was: it changes with the next fit.
    posterior:
      posterior?.kind === "members" ? { kind: "members", layers: posterior.layers.map(update) } : posterior,
  };
}

function rowsWhere(marks: Uint8Array, mark: number): Uint32Array {
  return Uint32Array.from(marks.keys()).filter((row) => marks[row] === mark);
}

/** Evenly, so that an update costs the same however many labels there are. */
function thinned(rows: Uint32Array): Uint32Array {
  if (rows.length <= mostAnchors) return rows;
  return Uint32Array.from(
    { length: mostAnchors },
    (_, at) => rows[Math.floor((at * rows.length) / mostAnchors)]!,
  );
}

interface Lesson {
  readonly fresh: TrainingSet;
  readonly anchors: TrainingSet;
}

function updateLayer(
  layer: LinearLayer,
  { fresh, anchors }: Lesson,
  activation: Activation,
  temperature: number,
): LinearLayer {
  const { classes, dims } = layer;
  const rows = anchors.rows + fresh.rows;
  const { fillLogits, addGradient } = fresh.products ?? plainProducts;
  const features = new Float32Array(rows * dims);
  features.set(anchors.features);
  features.set(fresh.features, anchors.features.length);
  const start = pointOf(layer, temperature);
  const residuals = new Float64Array(rows * classes);
  fillLogits(features, anchors.rows, dims, classes, start, residuals.subarray(0, anchors.rows * classes));
  const targets = new Float64Array(rows * classes);
  for (let row = 0; row < anchors.rows; row++) {
    const ofRow = residuals.subarray(row * classes, (row + 1) * classes);
    settle(ofRow, new Float64Array(classes), activation);
    targets.set(ofRow, row * classes);
  }
  targets.set(fresh.targets, anchors.rows * classes);
  const total = weightOfAnswer * rows;
  const found = minimise(
    (point, gradient) => {
      fillLogits(features, rows, dims, classes, point, residuals);
      let value = 0;
      for (let from = 0; from < residuals.length; from += classes)
        value += settle(
          residuals.subarray(from, from + classes),
          targets.subarray(from, from + classes),
          activation,
        );
      gradient.fill(0);
      addGradient(features, rows, dims, classes, residuals, gradient);
      value *= weightOfAnswer;
      for (let at = 0; at < point.length; at++) {
        const moved = point[at]! - start[at]!;
        value += 0.5 * moved * moved;
        gradient[at] = (weightOfAnswer * gradient[at]! + moved) / total;
      }
      return value / total;
    },
    start,
    { tolerance, maxIterations, stop: null },
  );
  return layerAt(found.point, layer, temperature);
}

/** Weights class by class, then the biases, before calibration. */
function pointOf({ weights, bias, dims, classes }: LinearLayer, temperature: number): Float64Array {
  const point = new Float64Array(classes * (dims + 1));
  for (let c = 0; c < classes; c++) {
    for (let k = 0; k < dims; k++) point[c * dims + k] = weights[k * classes + c]! * temperature;
    point[classes * dims + c] = bias[c]! * temperature;
  }
  return point;
}

function layerAt(point: Float64Array, { dims, classes }: LinearLayer, temperature: number): LinearLayer {
  const weights = new Float32Array(dims * classes);
  for (let c = 0; c < classes; c++)
    for (let k = 0; k < dims; k++) weights[k * classes + c] = point[c * dims + k]! / temperature;
  const bias = Float32Array.from({ length: classes }, (_, c) => point[classes * dims + c]! / temperature);
  return { dims, classes, weights, bias };
}

/** Turns the logits into probability less truth. @returns the cross entropy, to a constant of the truth. */
function settle(logits: Float64Array, truth: Float64Array, activation: Activation): number {
  let loss = 0;
  if (activation === "sigmoid") {
    for (let c = 0; c < logits.length; c++) {
      const logit = logits[c]!;
      loss += Math.max(logit, 0) - logit * truth[c]! + Math.log1p(Math.exp(-Math.abs(logit)));
      logits[c] = 1 / (1 + Math.exp(-logit)) - truth[c]!;
    }
    return loss;
  }
  let highest = -Infinity;
  for (const logit of logits) highest = Math.max(highest, logit);
  let total = 0;
  for (const logit of logits) total += Math.exp(logit - highest);
  for (let c = 0; c < logits.length; c++) {
    const logarithm = logits[c]! - highest - Math.log(total);
    loss -= truth[c]! * logarithm;
    logits[c] = Math.exp(logarithm) - truth[c]!;
  }
  return loss;
}

function takeIn(model: NearestModel, { features, targets, places }: TrainingSet): NearestModel {
  return {
    ...model,
    places: Uint32Array.of(...model.places, ...places),
    features: concat(Float32Array, model.features, features),
    targets: concat(Uint8Array, model.targets, targets),
  };
}

function concat<T extends Float32Array | Uint8Array>(
  make: new (length: number) => T,
  first: T,
  second: T,
): T {
  const both = new make(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
