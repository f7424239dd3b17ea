// Lets a head read the terms of texts beside their embeddings once there are many labels, where answers it has not
// learnt from say that this makes it better. An embedding says what a text is about with few labels; with many, the
// single words tell more than it has room for.

import { fitTerms } from "./fit-terms";
import { foldCount, unseenBy, unseenInSteps } from "./fit-logistic";
import type { Steps } from "../steps";
import { stratifiedFolds } from "./folds";
import { fitSteps, type FittedHead, type Head, type HeadTools, type TrainingSet } from "./head";
import { mixtureOf } from "./mixture";
import { modelLogits, type TermModel } from "./model";
import type { Unseen } from "./temperature";
import { addTermLogits, gatherTerms, scaleTermLayer, type TermRows } from "./terms";

/** With fewer labels, terms lost to embeddings or changed nothing on every set measured. */
export const enoughForTerms = 500;
/** Knows an accuracy of 85% to 2 points. Fits that are not convex take seconds, so there it is one fold, to 4 points. */
const enoughTested = { convex: 400, other: 100 };

/**
 * Mixes the fitted head with a linear layer over terms, each believed as far as it foresaw answers left out. The
 * head stays as it is where that makes no more of those right, and where it has a posterior, or layers of neither
 * kind, whose part in a mixture has no form here.
 * @param fitted to `training`, by `head` under `parameters`.
 * @param pool terms of all items.
 * @throws Stopped when told to stop.
 */
export function* addTerms(
  head: Head,
  fitted: FittedHead,
  training: TrainingSet,
  parameters: Readonly<Record<string, number>>,
  pool: TermRows,
  tools: HeadTools,
): Steps<FittedHead> {
  const { model: base, posterior } = fitted;
  if (training.rows < enoughForTerms || posterior || (base.kind !== "linear" && base.kind !== "mlp"))
    return fitted;
  const { activation } = base;
  const { targets, classes } = training;
  const terms = gatherTerms(pool, training.places);
  const random = tools.random.fork("terms");
  // What is compared is made honest by the mixture, and neighbours of the whole pool would take a spread for each fold.
  const quick = { ...parameters, calibrate: 0, tune: 0 };
  const alone = { ...tools, pool: { ...tools.pool, graph: null } };
  // A convex fit forgets where it started; others would remember the rows left out.
  const warm = base.kind === "linear" ? base : null;
  const tested = enoughTested[warm ? "convex" : "other"];
  const folds = stratifiedFolds(training, foldCount, tools.random.fork("folds"), tested);
  const byHead = yield* unseenInSteps(training, folds, function* (rest) {
    const { model } = yield* fitSteps(head, rest, quick, warm, alone);
    return (features, rows) => modelLogits(model, features, rows, null);
  });
  const byTerms = unseenBy(training, folds, (rest, { train, test }) => {
    const layer = fitTerms(
      { terms: gatherTerms(terms, train), targets: rest.targets, classes },
      random,
      tools.stop,
    );
    return (_, rows) => {
      const logits = new Float64Array(rows * classes);
      addTermLogits(layer, gatherTerms(terms, test), logits);
      return logits;
    };
  });
  // The second model of a mixture is the one believed while answers are few.
  const mixture = mixtureOf({ ...byTerms, activation }, { ...byHead, activation });
  const { share, temperatures, temperature } = mixture;
  const [ofTerms, ofHead] = [(1 - share) / temperatures[0], share / temperatures[1]];
  const mixed = byHead.logits.map((logit, at) => ofHead * logit + ofTerms * byTerms.logits[at]!);
  const rightWithout = countRight({ ...byHead, activation });
  const rightWith = countRight({ ...byHead, activation, logits: mixed });
  const trial = { tested: byHead.targets.length / classes, rightWithout, rightWith };
  if (rightWith <= rightWithout) return { ...fitted, terms: { used: false, ...trial } };
  const model: TermModel = {
    kind: "with-terms",
    base,
    // A head that calibrates has divided by its temperature already.
    baseShare: (parameters["calibrate"] ? share : ofHead) / temperature,
    terms: scaleTermLayer(fitTerms({ terms, targets, classes }, random, tools.stop), ofTerms / temperature),
    activation,
  };
  return { ...fitted, model, terms: { used: true, ...trial } };
}

/** Rows whose whole answer is right: the likeliest class, or all those that are likelier than not. */
function countRight({ logits, targets, classes, activation }: Unseen): number {
  let right = 0;
  for (let from = 0; from < logits.length; from += classes) {
    const ofRow = logits.subarray(from, from + classes);
    const best = ofRow.indexOf(Math.max(...ofRow));
    const isRight =
      activation === "sigmoid"
        ? ofRow.every((logit, at) => logit >= 0 === (targets[from + at] === 1))
        : targets[from + best] === 1;
    if (isRight) right++;
  }
  return right;
}
