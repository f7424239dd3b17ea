// What `Head` promises, asked of every head there is. A new file is tested as soon as it exists.

import { describe, expect, test } from "vitest";
import { Stopped, TooFewLabels } from "../../src/core/errors";
import { resolveParameters } from "../../src/core/parameter";
import { linearLayerOf, shapeOf } from "../../src/core/learning/model";
import { headById, heads } from "../../src/core/registry";
import { finish } from "../../src/core/steps";
import { clusters, makeTraining, predict, toolsFor } from "./make-training";
import { quickGraph } from "./quick-graph";

test("the registry has a name for every file and says so when asked for another", () => {
  for (const [id, head] of heads) expect(head.id).toBe(id);
  expect(() => headById("nonsense")).toThrow(/no head called "nonsense".*logistic/);
});

test("there is a head for each answer mode", () => {
  const modes = new Set([...heads.values()].flatMap((head) => head.modes));
  expect([...modes].sort()).toEqual(["multiple", "single"]);
});

describe.each([...heads.values()])("$id", (head) => {
  const initial = resolveParameters(head.parameters, {});
  const needsGraph = head.needs.includes("graph");
  const fit = (training: ReturnType<typeof clusters>, warm: Parameters<typeof head.fit>[2] = null) => {
    const { features, rows, dims } = training;
    return head.fit(
      training,
      initial,
      warm,
      toolsFor(training, needsGraph ? quickGraph(features, rows, dims) : null),
    );
  };

  test.runIf(head.modes.includes("multiple"))("leaves sigmoids for several classes an item", async () => {
    const training = clusters(60, 6, 3, 9);
    // The third class comes on top of the others or not at all.
    const targets = training.targets.map((mark, at) => (at % 3 === 2 ? Number(at % 2 === 0) : mark));
    const tools = toolsFor(training, null, null, "multiple");
    const fitted = head.fit({ ...training, targets }, initial, null, tools);
    expect(fitted.model.activation).toBe("sigmoid");
    for (const p of await predict(fitted, training)) expect(p).toSatisfy((one) => one > 0 && one < 1);
  });

  test("learns separate clusters and says that it converged", async () => {
    const training = clusters(90, 8, 3, 1);
    const fitted = fit(training);
    expect(fitted.converged).toBe(true);
    expect(shapeOf(fitted.model)).toEqual({ dims: 8, classes: 3 });
    expect(fitted.temperature).toBeGreaterThan(0);
    const probabilities = await predict(fitted, training);
    let right = 0;
    for (let row = 0; row < training.rows; row++) {
      const ofRow = [...probabilities.subarray(row * 3, row * 3 + 3)];
      if (training.targets[row * 3 + ofRow.indexOf(Math.max(...ofRow))]) right++;
    }
    expect(right).toBeGreaterThan(80);
  });

  test("is deterministic and leaves its input as it was", () => {
    const training = clusters(40, 6, 3, 2);
    const before = structuredClone(training);
    const first = fit(training);
    expect(fit(training)).toEqual(first);
    expect(training).toEqual(before);
  });

  test("a warm start ends at the same model, sooner", async () => {
    const training = clusters(60, 6, 3, 3);
    const cold = fit(training);
    const warm = fit(training, cold.model);
    // Heads of other kinds always begin anew.
    if (cold.model.kind === "linear") expect(warm.iterations).toBeLessThan(cold.iterations / 2);
    else expect(warm.iterations).toBe(cold.iterations);
    const [one, other] = [await predict(cold, training), await predict(warm, training)];
    one.forEach((p, at) => expect(Math.abs(p - other[at]!)).toBeLessThan(1e-4));
  });

  test("a warm layer of another shape, or a broken one, is not used", () => {
    const training = clusters(30, 6, 3, 4);
    const cold = fit(training);
    expect(fit(training, fit(clusters(30, 5, 3, 4)).model)).toEqual(cold);
    expect(fit(training, fit(clusters(30, 6, 4, 4)).model)).toEqual(cold);
    const layer = linearLayerOf(cold.model);
    if (!layer) return;
    const broken = { ...layer, weights: layer.weights.map(() => NaN) };
    expect(fit(training, { kind: "linear", layer: broken, activation: cold.model.activation })).toEqual(cold);
  });

  test("a class without examples is an unlikely column, not a NaN", async () => {
    const training = makeTraining(
      [
        [1, 0],
        [0.9, 0.1],
        [0, 1],
        [0.1, 0.9],
      ],
      [[0], [0], [2], [2]],
      4,
    );
    const fitted = fit(training);
    expect(fitted.converged).toBe(true);
    const probabilities = await predict(fitted, training);
    for (let row = 0; row < 4; row++) {
      for (const column of [1, 3]) {
        expect(probabilities[row * 4 + column]).toBeGreaterThan(0);
        expect(probabilities[row * 4 + column]).toBeLessThan(0.25);
      }
    }
  });

  test("equal rows with different answers meet at their share", async () => {
    const training = makeTraining(
      [
        [1, 0],
        [1, 0],
        [1, 0],
        [1, 0],
      ],
      [[0], [1], [1], [1]],
      2,
    );
    const probabilities = await predict(fit(training), training);
    expect(probabilities[0]).toBeCloseTo(0.25, 4);
    expect(probabilities[1]).toBeCloseTo(0.75, 4);
  });

  test("too few outcomes are TooFewLabels", () => {
    expect(() => fit(makeTraining([], [], 2))).toThrow(TooFewLabels);
    expect(() =>
      fit(
        makeTraining(
          [
            [1, 0],
            [0, 1],
          ],
          [[1], [1]],
          2,
        ),
      ),
    ).toThrow(TooFewLabels);
    expect(() => fit(makeTraining([[1, 0]], [[0]], 1))).toThrow(TooFewLabels);
  });

  test("stops when told", () => {
    const training = clusters(30, 4, 3, 5);
    expect(() => head.fit(training, initial, null, toolsFor(training, null, { aborted: true }))).toThrow(
      Stopped,
    );
  });

  test.runIf(head.fitInSteps)("in steps it is the same, and a stop between two is heard at the next", () => {
    const training = clusters(30, 4, 3, 5);
    const stop = { aborted: false };
    const tools = toolsFor(training, null, stop);
    expect(finish(head.fitInSteps!(training, initial, null, tools))).toEqual(
      head.fit(training, initial, null, tools),
    );
    const steps = head.fitInSteps!(training, initial, null, tools);
    for (let turn = 0; turn < 3; turn++) expect(steps.next().done).toBe(false);
    stop.aborted = true;
    expect(() => steps.next()).toThrow(Stopped);
  });

  test("rows of zeros and a single row of each class are no trouble", async () => {
    const training = makeTraining(
      [
        [0, 0],
        [0, 0],
        [1, 0],
      ],
      [[0], [1], [2]],
      3,
    );
    const fitted = fit(training);
    expect(fitted.loss).toBeGreaterThan(0);
    for (const p of await predict(fitted, training)) expect(p).not.toBeNaN();
  });
});
