// The plain head: multinomial logistic regression, one class of several.

import { balance, calibrate, fitLogistic, strength, toFittedHead, tune } from "../learning/fit-logistic";
import type { Head } from "../learning/head";
import { linearLayerOf } from "../learning/model";

export const head: Head = {
  id: "logistic",
  label: "Logistic regression",
  summary: "One straight cut between each pair of classes; quick, steady and hard to beat with few labels.",
  paper: "Cox, The Regression Analysis of Binary Sequences, 1958",
  modes: ["single"],
  needs: [],
  parameters: [strength, tune, balance, calibrate],
  fit: (training, parameters, warm, tools) =>
    toFittedHead(fitLogistic(training, parameters, linearLayerOf(warm), tools)),
};
