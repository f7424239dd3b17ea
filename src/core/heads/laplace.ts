// Logistic regression that knows how little it knows: a Gaussian around its weights, which grows wide where no
// labels have been.

import { cholesky, transposedInverse } from "../learning/cholesky";
import { logitsOf, scaleLayer } from "../learning/fit-linear";
import {
  calibrate,
  coarseTolerance,
  fitLogistic,
  foldCount,
  strength,
  toFittedHead,
  unseenBy,
  type Predictor,
} from "../learning/fit-logistic";
import { stratifiedFolds } from "../learning/folds";
import type { Head, TrainingSet } from "../learning/head";
import type { LinearLayer } from "../kernels/kernels";
import { linearLayerOf } from "../learning/model";
import { dampen } from "../learning/posterior";
import { scoresFromLogits } from "../kernels/scores";
import { plainProducts } from "../learning/linear-products";
import { transposedProduct } from "../learning/ridge";
import { fitTemperature } from "../learning/temperature";

export const head: Head = {
  id: "laplace",
  label: "Bayesian logistic regression",
  summary: "Is less sure of items unlike any labelled one, where plain regression may be sure and wrong.",
  paper:
    "MacKay, The Evidence Framework Applied to Classification Networks, 1992; Daxberger et al., Laplace Redux, 2021",
  modes: ["single"],
  needs: [],
  parameters: [strength, calibrate],
  fit(training, parameters, warm, tools) {
    const c = parameters["c"]!;
    const folds = parameters["calibrate"]
      ? stratifiedFolds(training, foldCount, tools.random.fork("folds"))
      : [];
    const unseen = unseenBy(training, folds, (rest) => {
      const { layer } = fitLogistic(rest, { c }, null, tools, coarseTolerance);
      return dampened(layer, covarianceRoot(rest, layer, c), rest.dims);
    });
    const temperature = fitTemperature(unseen);
    const start = linearLayerOf(warm);
    const point = fitLogistic(training, { c }, start && scaleLayer(start, temperature), tools);
    const root = covarianceRoot(training, point.layer, c);
    const calibrated = { ...point, layer: scaleLayer(point.layer, 1 / temperature), temperature };
    return toFittedHead(calibrated, { posterior: { kind: "gaussian", dims: training.dims, root } });
  },
};

/**
 * R with R Rᵀ = (I / c + Σ p (1 − p) x xᵀ)⁻¹, p the probability of the likeliest class: the covariance of the
 * weights of one class against the rest, shared by all classes, so that it is dims × dims however many there are
 * (the binary approximation of Huseljic et al., Fast Fishing, 2024). The bias counts as known.
 */
export function covarianceRoot(
  { features, rows, dims, products = plainProducts }: TrainingSet,
  layer: LinearLayer,
  c: number,
): Float32Array {
  const { probabilities } = scoresFromLogits(logitsOf(layer, features, rows), rows, layer.classes, "softmax");
  const scaled = new Float64Array(rows * dims);
  for (let row = 0; row < rows; row++) {
    const p = Math.max(...probabilities.subarray(row * layer.classes, (row + 1) * layer.classes));
    for (let at = row * dims; at < (row + 1) * dims; at++) scaled[at] = p * (1 - p) * features[at]!;
  }
  const precision = transposedProduct(features, rows, dims, scaled, dims, products);
  for (let k = 0; k < dims; k++) precision[k * dims + k]! += 1 / c;
  return Float32Array.from(transposedInverse(cholesky(precision, dims), dims));
}

/** Logits as `posterior` will have them for the whole pool. */
function dampened(layer: LinearLayer, root: Float32Array, dims: number): Predictor {
  return (features, rows) => {
    const logits = logitsOf(layer, features, rows);
    const spread = logitsOf(
      { dims, classes: dims, weights: root, bias: new Float32Array(dims) },
      features,
      rows,
    );
    for (let row = 0; row < rows; row++) {
      let variance = 0;
      for (let k = 0; k < dims; k++) variance += spread[row * dims + k]! ** 2;
      dampen(logits.subarray(row * layer.classes, (row + 1) * layer.classes), variance);
    }
    return logits;
  };
}
