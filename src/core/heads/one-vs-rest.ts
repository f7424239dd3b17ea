// The head for items that may have several classes: one yes-or-no logistic regression for each class.

import { fitLayers } from "../learning/fit-linear";
import { strength } from "../learning/fit-logistic";
import type { Head } from "../learning/head";
import { linearLayerOf } from "../learning/model";

export const head: Head = {
  id: "one-vs-rest",
  label: "One yes or no per class",
  summary: "Decides about each class by itself, so that an item may have several classes or none.",
  paper: "Rifkin and Klautau, In Defense of One-Vs-All Classification, 2004",
  modes: ["multiple"],
  needs: [],
  parameters: [strength],
  fit(training, parameters, warm, { stop }) {
    const options = { c: parameters["c"]!, warm: linearLayerOf(warm), stop };
    const { layers, loss, iterations, converged } = fitLayers(training, "sigmoid", options);
    return {
      model: { kind: "linear", layer: layers[0]!, activation: "sigmoid" },
      posterior: null,
      temperature: 1,
      fallback: null,
      loss,
      iterations,
      converged,
    };
  },
};
