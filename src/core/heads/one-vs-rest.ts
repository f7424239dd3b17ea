// The head for items that may have several classes: one yes-or-no logistic regression for each class.

import { fitLinear, strength } from "../fit-linear";
import type { Head } from "../head";

export const head: Head = {
  id: "one-vs-rest",
  label: "One yes or no per class",
  summary: "Decides about each class by itself, so that an item may have several classes or none.",
  paper: "Rifkin and Klautau, In Defense of One-Vs-All Classification, 2004",
  modes: ["multiple"],
  parameters: [strength],
  fit: (training, parameters, warm, stop) => fitLinear(training, "sigmoid", parameters.c!, warm, stop),
};
