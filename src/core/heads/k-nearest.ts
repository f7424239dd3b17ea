// The head that fits nothing: an item has the classes of the labelled items most like it.

import { TooFewLabels, throwIfStopped } from "../errors";
import { fittableColumns } from "../learning/fit-linear";
import { calibrate, foldCount, unseenBy } from "../learning/fit-logistic";
import { stratifiedFolds } from "../learning/folds";
import type { Head, TrainingSet } from "../learning/head";
import type { NearestModel } from "../learning/model";
import { nearestLogits } from "../learning/nearest-logits";
import { fitTemperature, negativeLogLikelihood } from "../learning/temperature";

export const head: Head = {
  id: "k-nearest",
  label: "Nearest labelled items",
  summary:
    "Says of each item what the labelled ones most like it are; easy to understand, and slower the more labels there are.",
  paper: "Fix and Hodges, Discriminatory Analysis: Nonparametric Discrimination, 1951; Dudani, 1976",
  modes: ["single", "multiple"],
  needs: [],
  parameters: [
    {
      id: "k",
      label: "Neighbours asked",
      summary: "More are steadier, fewer follow finer borders.",
      min: 1,
      max: 50,
      step: 1,
      initial: 10,
    },
    calibrate,
  ],
  fit(training, parameters, _warm, { random, stop, answerMode }) {
    throwIfStopped(stop);
    const activation = answerMode === "single" ? "softmax" : "sigmoid";
    if (fittableColumns(training, activation).length < (answerMode === "single" ? 2 : 1))
      throw new TooFewLabels();
    const modelOf = ({ features, targets, places, dims, classes }: TrainingSet, temperature = 1) =>
      ({
        kind: "k-nearest",
        k: parameters["k"]!,
        dims,
        classes,
        places,
        features,
        targets,
        temperature,
        activation,
      }) satisfies NearestModel;

    const folds = parameters["calibrate"] ? stratifiedFolds(training, foldCount, random.fork("folds")) : [];
    const unseen = unseenBy(training, folds, (rest) => {
      throwIfStopped(stop);
      return (features, rows) => nearestLogits(modelOf(rest), features, rows, training.products);
    });
    const temperature = fitTemperature({ ...unseen, activation });
    const model = modelOf(training, temperature);
    const said = nearestLogits(modelOf(training), training.features, training.rows, training.products);
    const { targets, classes } = training;
    return {
      model,
      posterior: null,
      temperature,
      fallback: null,
      loss: negativeLogLikelihood({ logits: said, targets, classes, activation }, 1),
      iterations: 0,
      converged: true,
    };
  },
};
