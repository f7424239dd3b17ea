// The plain head: multinomial logistic regression, one class of several.

import { fitLinear, strength } from "../fit-linear";
import type { Head } from "../head";

export const head: Head = {
  id: "logistic",
  label: "Logistic regression",
  summary: "One straight cut between each pair of classes; quick, steady and hard to beat with few labels.",
  paper: "Cox, The Regression Analysis of Binary Sequences, 1958",
  modes: ["single"],
  parameters: [strength],
  fit: (training, parameters, warm, stop) => fitLinear(training, "softmax", parameters.c!, warm, stop),
};
