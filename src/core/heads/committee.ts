// Several logistic regressions that each weigh the labels differently: where they disagree, the model does not
// know. All members are fitted side by side in the same products.

import { fitLayers, scaleLayer } from "../learning/fit-linear";
import { calibrate, coarseTolerance, fitLogistic, strength, toFittedHead } from "../learning/fit-logistic";
import { uniform } from "../kernels/gumbel";
import type { Head } from "../learning/head";
import { linearLayerOf } from "../learning/model";

export const head: Head = {
  id: "committee",
  label: "Committee",
  summary:
    "Asks several models that weigh your answers differently; their disagreement shows what is not known.",
  paper: "Rubin, The Bayesian Bootstrap, 1981",
  modes: ["single"],
  needs: [],
  parameters: [
    strength,
    calibrate,
    {
      id: "members",
      label: "Members",
      summary: "More agree on a finer scale and take longer.",
      min: 2,
      max: 32,
      step: 1,
      // The spread of a variance from 8 draws is half its size; fitting takes as long as 8 heads.
      initial: 8,
    },
  ],
  fit(training, parameters, warm, tools) {
    const point = fitLogistic(training, parameters, linearLayerOf(warm), tools);
    const members = parameters["members"]!;
    const rowWeights = bootstrapWeights(
      training.places,
      members,
      tools.random.fork("committee").integer(2 ** 32),
    );
    const { layers } = fitLayers({ ...training, members, rowWeights }, "softmax", {
      c: point.c,
      warm: point.layers[0]!,
      stop: tools.stop,
      // Members differ from each other by far more.
      tolerance: coarseTolerance,
    });
    const calibrated = layers.map((layer) => scaleLayer(layer, 1 / point.temperature));
    return toFittedHead(point, { posterior: { kind: "members", layers: calibrated } });
  },
};

/**
 * Exponential draws, rows × members, that add up to the number of rows for each member. An item keeps its draw
 * from round to round, so that members change by what was answered and not by chance.
 */
export function bootstrapWeights(places: Uint32Array, members: number, seed: number): Float32Array {
  const weights = new Float32Array(places.length * members);
  for (let member = 0; member < members; member++) {
    let total = 0;
    places.forEach((place, row) => {
      const drawn = -Math.log(uniform(seed, member, place));
      weights[row * members + member] = drawn;
      total += drawn;
    });
    places.forEach((_, row) => (weights[row * members + member]! *= places.length / total));
  }
  return weights;
}
