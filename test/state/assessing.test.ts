// What the Train screen leads with: the newest model on the hold-out there is now, not on the one its round had.

import { expect, test } from "vitest";
import type { Assessment } from "../../src/core/evaluation/assess";
import { evaluate } from "../../src/core/evaluation/metrics";
import { createRandom } from "../../src/core/random";
import { Assessing } from "../../src/state/assessing.svelte";
import { classId } from "../core/make-events";
import { fakeSession } from "./fake-session";

const classIds = [classId("cat"), classId("dog")];

/** Of so many items the first few are told wrongly. */
const evaluationOf = (count: number, wrong: number) =>
  evaluate(
    Array.from({ length: count }, (_, at) => ({
      truth: [at % 2],
      predicted: [at < wrong ? 1 - (at % 2) : at % 2],
    })),
    classIds,
    "single",
    createRandom(1),
  );

function made(holdOutNow: number, measuredRound = 7) {
  const round = {
    number: 7,
    trainCount: 50,
    classIds,
    evaluation: evaluationOf(22, 2),
    poolUncertainty: 0.4,
  };
  const right = Array.from({ length: holdOutNow }, () => 1);
  const curve = [{ number: measuredRound, trainCount: 50, evaluation: evaluationOf(holdOutNow, 3), right }];
  const assessment: Assessment = { full: { count: holdOutNow } as Assessment["full"], estimates: [] };
  const learning = {
    rounds: [round],
    input: () => ({ holdOut: [], classIds }),
    consulting: {
      measureCurve: async () => ({ curve, forecast: null, classIds }),
      assess: async () => assessment,
      lookAround: async () => null,
    },
  };
  return new Assessing(fakeSession(100, ["cat", "dog"], { learning }).session);
}

test("the headline, the curve and the measures count the same hold-out, that of today", async () => {
  const assessing = made(24);
  // Before it is measured again there is only what the round found.
  expect(assessing.newest).toMatchObject({ trainCount: 50, evaluation: { count: 22 } });
  await assessing.update();
  expect(assessing.problem).toBeNull();
  expect(assessing.newest).toMatchObject({ trainCount: 50, classIds, evaluation: { count: 24 } });
  expect(assessing.newest!.evaluation).toBe(assessing.curve.at(-1)!.evaluation);
  expect(assessing.newest!.evaluation.count).toBe(assessing.assessment!.full!.count);
  const said = assessing.advice.verdicts.find(({ rule }) => rule.id === "target-reached");
  expect(said).toBeDefined();
});

test("a newer round, or a hold-out that was undone, leads with what the newest round found", async () => {
  const older = made(24, 6);
  await older.update();
  expect(older.newest).toMatchObject({ evaluation: { count: 22 } });
  const undone = made(0);
  await undone.update();
  expect(undone.newest).toMatchObject({ evaluation: { count: 22 } });
});
