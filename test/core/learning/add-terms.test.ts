// When a head begins to read terms: with many labels, where they help, and not otherwise.

import { describe, expect, test } from "vitest";
import { head as committee } from "../../../src/core/heads/committee";
import { head as logistic } from "../../../src/core/heads/logistic";
import { head as mlp } from "../../../src/core/heads/mlp";
import { head as oneVsRest } from "../../../src/core/heads/one-vs-rest";
import { addTerms, enoughForTerms } from "../../../src/core/learning/add-terms";
import { finish } from "../../../src/core/steps";
import { gatherRows, subset } from "../../../src/core/learning/folds";
import type { Head } from "../../../src/core/learning/head";
import { modelLogits } from "../../../src/core/learning/model";
import { gatherTerms } from "../../../src/core/learning/terms";
import { resolveParameters } from "../../../src/core/parameter";
import type { AnswerMode } from "../../../src/core/project";
import { createRandom } from "../../../src/core/random";
import { clusters, toolsFor } from "../make-training";
import { makeTerms } from "./make-terms";

const [classes, dims, rows] = [3, 4, 900];
const all = clusters(rows, dims, classes, 3);
const classOf = Array.from({ length: rows }, (_, row) =>
  all.targets.subarray(row * classes, (row + 1) * classes).indexOf(1),
);
const telling = makeTerms(classOf, { classes, sure: 0.9, random: createRandom(5) });
const empty = makeTerms(classOf, { classes, sure: 0, random: createRandom(6) });
const rest = Uint32Array.from({ length: 300 }, (_, at) => 600 + at);

function fit(
  head: Head,
  count: number,
  terms: typeof telling,
  answerMode: AnswerMode = "single",
  given: Readonly<Record<string, number>> = {},
) {
  const training = subset(
    all,
    Uint32Array.from({ length: count }, (_, at) => at),
  );
  const tools = toolsFor(all, null, null, answerMode);
  const parameters = resolveParameters(head.parameters, given);
  const fitted = head.fit(training, parameters, null, tools);
  return { fitted, withTerms: finish(addTerms(head, fitted, training, parameters, terms, tools)) };
}

/** Share of the rows that nothing was fitted to, and their mean log loss. */
function judge({ model }: ReturnType<typeof fit>["fitted"], terms: typeof telling) {
  const features = gatherRows(all.features, dims, rest);
  const logits = modelLogits(model, features, rest.length, gatherTerms(terms, rest));
  let [right, loss] = [0, 0];
  rest.forEach((row, at) => {
    const ofRow = [...logits.subarray(at * classes, (at + 1) * classes)];
    const total = ofRow.reduce((sum, one) => sum + Math.exp(one), 0);
    loss += (Math.log(total) - ofRow[classOf[row]!]!) / rest.length;
    if (ofRow.indexOf(Math.max(...ofRow)) === classOf[row]) right += 1 / rest.length;
  });
  return { right, loss };
}

describe.each([
  { head: logistic, given: {}, tested: 480 },
  { head: mlp, given: { units: 4 }, tested: 120 },
])("$head.id", ({ head, given, tested }) => {
  test("reads terms that tell the classes, is right more often, and as sure as it should be", () => {
    const { fitted, withTerms } = fit(head, 600, telling, "single", given);
    expect(withTerms.model.kind).toBe("with-terms");
    const { terms } = withTerms;
    expect(terms).toMatchObject({ used: true, tested });
    const [before, after] = [judge(fitted, telling), judge(withTerms, telling)];
    expect(after.right).toBeGreaterThan(before.right + 0.05);
    expect(after.loss).toBeLessThan(before.loss);
    // What was seen on the answers left out holds for others, within three standard errors of either.
    const error = 3 * Math.sqrt(0.25 / tested + 0.25 / 300);
    expect(Math.abs(terms!.rightWith / tested - after.right)).toBeLessThan(error);
    expect(Math.abs(terms!.rightWithout / tested - before.right)).toBeLessThan(error);
  });
});

test("a head is left alone with terms that tell nothing, and says so", () => {
  const { fitted, withTerms } = fit(logistic, 600, empty);
  expect(withTerms.terms!.rightWith - withTerms.terms!.rightWithout).toBeLessThan(15);
  if (withTerms.terms!.used)
    expect(judge(withTerms, empty).loss).toBeLessThan(judge(fitted, empty).loss + 0.02);
  else expect(withTerms.model).toBe(fitted.model);
});

test("nothing is asked with fewer labels, nor of a committee", () => {
  const few = fit(logistic, enoughForTerms - 1, telling);
  expect(few.withTerms).toBe(few.fitted);
  const asked = fit(committee, 600, telling);
  expect(asked.withTerms).toBe(asked.fitted);
});

test("yes and no for each class are read from terms too", () => {
  const { fitted, withTerms } = fit(oneVsRest, 600, telling, "multiple");
  expect(withTerms.model).toMatchObject({ kind: "with-terms", activation: "sigmoid" });
  expect(judge(withTerms, telling).right).toBeGreaterThan(judge(fitted, telling).right + 0.05);
});

test("the same labels give the same model", () => {
  expect(fit(logistic, 600, telling).withTerms).toEqual(fit(logistic, 600, telling).withTerms);
});
