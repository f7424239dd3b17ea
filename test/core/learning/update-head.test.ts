// Taking a few answers into a fitted head: the minimum it promises, the models it can and cannot do it to, and when
// a base leads to the labels there are.

import { expect, test } from "vitest";
import { head as committee } from "../../../src/core/heads/committee";
import { head as kNearest } from "../../../src/core/heads/k-nearest";
import { head as logistic } from "../../../src/core/heads/logistic";
import { head as mlp } from "../../../src/core/heads/mlp";
import { head as oneVsRest } from "../../../src/core/heads/one-vs-rest";
import { subset } from "../../../src/core/learning/folds";
import type { FittedHead, Head, TrainingSet } from "../../../src/core/learning/head";
import { freshSince, updateHead, type FitBase } from "../../../src/core/learning/update-head";
import { resolveParameters } from "../../../src/core/parameter";
import type { AnswerMode } from "../../../src/core/project";
import { clusters, predict, toolsFor } from "../make-training";

const all = clusters(120, 12, 3, 7);
const range = (from: number, to: number) => Uint32Array.from({ length: to - from }, (_, at) => from + at);
const first = subset(all, range(0, 40));
const upTo44 = subset(all, range(0, 44));
const isFresh = Uint8Array.from({ length: 44 }, (_, row) => (row < 40 ? 0 : 1));

function fit(head: Head, training: TrainingSet, mode: AnswerMode = "single", given = {}): FittedHead {
  const parameters = resolveParameters(head.parameters, given);
  return head.fit(training, parameters, null, toolsFor(training, null, null, mode));
}

const distance = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, one, at) => sum + Math.abs(one - b[at]!), 0) / all.rows;

test("what the update says of the pool is nearly what a fit anew says", async () => {
  const uncalibrated = { calibrate: 0 };
  const before = fit(logistic, first, "single", uncalibrated);
  const anew = await predict(fit(logistic, upTo44, "single", uncalibrated), all);
  const was = distance(await predict(before, all), anew);
  const is = distance(await predict(updateHead(before, upTo44, isFresh)!, all), anew);
  expect(is).toBeLessThan(was / 4);
});

test("without fresh rows nothing moves", () => {
  const before = fit(logistic, first);
  expect(updateHead(before, first, new Uint8Array(40))).toBe(before);
});

test("a class that had no label yet is learnt of from its first one", async () => {
  const known = range(0, 40).filter((row) => all.targets[row * 3 + 2] === 0);
  const newClass = range(0, 120).filter((row) => all.targets[row * 3 + 2] === 1);
  const before = fit(logistic, subset(all, known));
  const one = subset(all, newClass.slice(0, 1));
  const both = subset(all, Uint32Array.of(...known, newClass[0]!));
  const after = updateHead(
    before,
    both,
    Uint8Array.from({ length: both.rows }, (_, at) => +(at === known.length)),
  )!;
  expect((await predict(after, one))[2]).toBeGreaterThan(0.5);
  expect((await predict(before, one))[2]).toBeLessThan(0.1);
});

test("every member of a committee is brought up, and its doubt stays a committee's", () => {
  const before = fit(committee, first);
  const after = updateHead(before, upTo44, isFresh)!;
  const layersOf = ({ posterior }: FittedHead) => (posterior?.kind === "members" ? posterior.layers : []);
  expect(layersOf(after)).toHaveLength(8);
  layersOf(after).forEach((layer, at) => expect(layer.weights).not.toEqual(layersOf(before)[at]!.weights));
});

test("several classes an item: the fresh ones are said more as they are", async () => {
  const before = fit(oneVsRest, first, "multiple");
  const after = updateHead(before, upTo44, isFresh)!;
  const lost = async (head: FittedHead) =>
    (await predict(head, upTo44)).reduce((sum, p, at) => {
      const isTrue = upTo44.targets[at] === 1;
      return at < 40 * 3 ? sum : sum - Math.log(isTrue ? p : 1 - p);
    }, 0);
  expect(await lost(after)).toBeLessThan(await lost(before));
});

test("nearest neighbours take the rows in; a network has to be fitted anew", () => {
  const nearest = updateHead(fit(kNearest, first), upTo44, isFresh)!.model;
  expect(nearest).toMatchObject({ kind: "k-nearest", places: range(0, 44) });
  expect(updateHead(fit(mlp, first), upTo44, isFresh)).toBeNull();
});

test("a base leads to more labels of the same classes, and to nothing else", () => {
  const train = [
    { row: 1, classes: [0] },
    { row: 5, classes: [1, 2] },
  ];
  const base: FitBase = { fitted: fit(logistic, first), classes: "a,b,c", train };
  const more = { row: 3, classes: [2] };
  expect(freshSince(base, [train[0]!, more, train[1]!], "a,b,c")).toEqual(Uint8Array.of(0, 1, 0));
  expect(freshSince(base, train, "a,b,c")).toEqual(Uint8Array.of(0, 0));
  expect(freshSince(base, train, "a,b")).toBeNull();
  expect(freshSince(base, [train[0]!, more], "a,b,c")).toBeNull();
  expect(freshSince(base, [{ row: 1, classes: [1] }, train[1]!], "a,b,c")).toBeNull();
});
