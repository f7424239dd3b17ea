// The head with one hidden layer: borders that bend, for when there are labels enough to place them.

import { scaleLayer } from "../learning/fit-linear";
import { calibrate, foldCount, strength, unseenInSteps } from "../learning/fit-logistic";
import { fitMlp } from "../learning/fit-mlp";
import { stratifiedFolds } from "../learning/folds";
import type { FittedHead, Head, TrainingSet } from "../learning/head";
import { modelLogits } from "../learning/model";
import { fitTemperature } from "../learning/temperature";
import { finish, type Steps } from "../steps";

/** Ten more iterations then move the loss by less than a hundredth: less than another seed does. */
const fineStall = 3e-3;
/** Fits that are only compared need not be exact. */
const coarseStall = 1e-2;

export const head: Head = {
  id: "mlp",
  label: "Small neural network",
  summary:
    "One hidden layer, so that borders between classes may bend; pays off with many labels, and takes seconds to learn.",
  paper: "Rumelhart et al., Learning Representations by Back-Propagating Errors, 1986",
  modes: ["single", "multiple"],
  needs: [],
  parameters: [
    {
      id: "units",
      label: "Hidden units",
      summary: "More can draw finer borders, need more labels and take longer.",
      min: 4,
      max: 128,
      step: 4,
      initial: 32,
    },
    strength,
    calibrate,
  ],
  fit: (...given) => finish(fitInSteps(...given)),
  fitInSteps,
};

/** Always from the same seeded weights: of many optima a warm start would keep the one it happened to be in. */
function* fitInSteps(...given: Parameters<Head["fit"]>): Steps<FittedHead> {
  const [training, parameters, , { random, stop, answerMode }] = given;
  const activation = answerMode === "single" ? "softmax" : "sigmoid";
  const fitOne = (set: TrainingSet, stall: number) =>
    fitMlp(set, activation, {
      units: parameters["units"]!,
      c: parameters["c"]!,
      random: random.fork("mlp"),
      stop,
      stall,
    });
  const folds = parameters["calibrate"] ? stratifiedFolds(training, foldCount, random.fork("folds")) : [];
  const unseen = yield* unseenInSteps(training, folds, function* (rest) {
    const { model } = yield* fitOne(rest, coarseStall);
    return (features, rows) => modelLogits(model, features, rows);
  });
  const temperature = fitTemperature({ ...unseen, activation });
  const { model, ...fitted } = yield* fitOne(training, fineStall);
  return {
    ...fitted,
    model: { ...model, output: scaleLayer(model.output, 1 / temperature) },
    posterior: null,
    temperature,
    fallback: null,
  };
}
