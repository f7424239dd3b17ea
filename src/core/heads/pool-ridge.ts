// The default head: regressions that weigh the directions of the embeddings as the whole pool suggests, mixed with
// one that knows the labels only, by which foresaw more of them. In the end one linear layer.

import {
  byLayer,
  calibrate,
  coarseTolerance,
  fitLogistic,
  foldCount,
  strength,
  toFittedHead,
  unseenBy,
} from "../learning/fit-logistic";
import { stratifiedFolds } from "../learning/folds";
import type { Head } from "../learning/head";
import { plainProducts } from "../learning/linear-products";
import { linearLayerOf } from "../learning/model";
import { mixLayers, mixtureOf, secondOf } from "../learning/mixture";
import { shapesOf } from "../learning/pool-shapes";
import { fitShapedRidge } from "../learning/shaped-ridge";

export const head: Head = {
  id: "pool-ridge",
  label: "Learning from the whole pool",
  summary:
    "Also looks at the items nobody has labelled, to see which differences between items matter; several points better while labels are few.",
  paper:
    "Chapelle, Weston and Schölkopf, Cluster Kernels for Semi-Supervised Learning, 2003; Hoerl and Kennard, Ridge Regression, 1970",
  modes: ["single"],
  needs: ["graph"],
  parameters: [strength, calibrate],
  fit(training, parameters, warm, tools) {
    const { products = plainProducts, dims, classes } = training;
    const last = linearLayerOf(warm);
    const folds = stratifiedFolds(training, foldCount, tools.random.fork("folds"));
    const shapes = folds.length > 0 ? shapesOf(tools.pool, dims, products, tools.stop) : [];
    // With fewer than ten labels nothing can be left out to judge by.
    if (shapes.length === 0) return toFittedHead(fitLogistic(training, parameters, last, tools));

    const asked = Uint32Array.from(training.rows <= dims ? training.places.keys() : tested(folds));
    const ridge = fitShapedRidge(training, shapes, asked, tools.stop);
    const placeOf = new Map(Array.from(asked, (row, at) => [row, at]));
    const byRidge = unseenBy(training, folds, (_, { test }) => () => {
      const logits = new Float64Array(test.length * classes);
      test.forEach((row, to) => {
        const from = placeOf.get(row)! * classes;
        logits.set(ridge.unseen.subarray(from, from + classes), to * classes);
      });
      return logits;
    });
    const plain = { c: parameters["c"]! };
    const byPlain = unseenBy(training, folds, (rest) =>
      byLayer(fitLogistic(rest, plain, null, tools, coarseTolerance).layer),
    );
    const found = mixtureOf(byRidge, byPlain, firstFavoured);
    const mixture = parameters["calibrate"] ? found : { ...found, temperature: 1 };
    const alone = fitLogistic(training, plain, last && secondOf(last, ridge.layer, mixture), tools);
    return toFittedHead({
      ...alone,
      layer: mixLayers(ridge.layer, alone.layer, mixture),
      temperature: mixture.temperature,
    });
  },
};

/**
 * Prior weights of the logistic share: each quarter more is a third as likely, an eighth on average. With 20 labels, of
 * which the folds can say little, even odds cost two points on the mean of six sets; from 100 on the labels decide.
 */
const firstFavoured: readonly number[] = [81, 27, 9, 3, 1];

function tested(folds: readonly { readonly test: Uint32Array }[]): number[] {
  return folds.flatMap(({ test }) => [...test]).sort((left, right) => left - right);
}
