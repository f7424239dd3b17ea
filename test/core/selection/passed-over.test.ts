// Whether asking goes on where a person skips everything: a loop over a pool with one kind that nobody can label.

import { beforeAll, describe, expect, test } from "vitest";
import type { ClassId } from "../../../src/core/ids";
import type { ResidentMatrix } from "../../../src/core/kernels/kernels";
import { defaultSettings } from "../../../src/core/project";
import { createRandom } from "../../../src/core/random";
import type { LabelledRow, RoundInput } from "../../../src/core/round";
import { runRound } from "../../../src/core/run-round";
import { trustOf } from "../../../src/core/selection/trust";
import { strategy as auto } from "../../../src/core/strategies/auto";
import { kernels, makePool, makeTools, uploadPoints } from "../make-pool";

const dims = 12;
const perKind = 40;
const kinds = 3;
/** The kind that is skipped: it lies between the other two, where a model hesitates most. */
const junk = 2;
const kindOf = (row: number) => Math.floor(row / perKind);

const draw = createRandom(4);
const points = Array.from({ length: kinds * perKind }, (_, row) => {
  const kind = kindOf(row);
  const point = Array.from({ length: dims }, (_, at) => {
    const centre = kind === junk ? (at < 2 ? 0.6 : at === 2 ? 0.5 : 0) : Number(at === kind);
    return centre + 0.25 * draw.normal();
  });
  const length = Math.hypot(...point);
  return point.map((value) => value / length);
});

let matrix: ResidentMatrix;
beforeAll(async () => {
  matrix = await uploadPoints(points);
});

interface Asked {
  readonly row: number;
  readonly skipped: boolean;
}

/**
 * Answers one question after the other.
 * @param says the class of a row; null where it is skipped. @param tells whether the selection learns what was skipped.
 */
async function work(
  turns: number,
  says: (row: number) => number | null,
  { tells = true, rows = points.keys() as Iterable<number> } = {},
): Promise<Asked[]> {
  const asked: Asked[] = [];
  const train: LabelledRow[] = [];
  const left = new Set(rows);
  const settings = {
    ...defaultSettings,
    headId: "logistic",
    seed: 3,
    batchSize: 1,
    randomShare: 0,
    seedSize: 6,
  };
  while (asked.length < turns && left.size > 0) {
    const input: RoundInput = {
      number: asked.length + 1,
      answerMode: "single",
      classIds: ["one", "two"] as ClassId[],
      train: train.toSorted((a, b) => a.row - b.row),
      holdOut: [],
      candidates: Uint32Array.from(left).sort(),
      passed: Uint32Array.from(
        asked.filter(({ skipped }) => tells && skipped),
        ({ row }) => row,
      ).sort(),
      settings,
    };
    const random = createRandom(settings.seed);
    const embeddings = { matrix, values: Float32Array.from(points.flat()) };
    const { questions } = await runRound(input, embeddings, null, {
      kernels,
      random,
      now: () => 0,
      stop: null,
    });
    const { row } = questions[0]!;
    const said = says(row);
    left.delete(row);
    asked.push({ row, skipped: said === null });
    if (said !== null) train.push({ row, classes: [said] });
  }
  return asked;
}

const skipsJunk = (row: number) => (kindOf(row) === junk ? null : kindOf(row));
const junkIn = (asked: readonly Asked[]) => asked.filter(({ row }) => kindOf(row) === junk).length;

describe("a kind of item that is always skipped", () => {
  test("is asked about less than where nobody tells the selection of it", async () => {
    const [told, untold] = [await work(30, skipsJunk), await work(30, skipsJunk, { tells: false })];
    expect(junkIn(told)).toBeLessThan(0.75 * junkIn(untold));
  });

  test("is asked about to its last item where nothing else is left", async () => {
    const rows = [0, 1, 2, 40, 41, 42, 80, 81, 82, 83, 84, 85, 86, 87];
    const asked = await work(100, skipsJunk, { rows });
    expect(asked.map(({ row }) => row).sort((a, b) => a - b)).toEqual(rows);
  });
});

test("trust is lost among skipped items, less elsewhere, and comes back with labels nearby", async () => {
  const open = Uint32Array.of(39, 119);
  const trusted = async (labelled: readonly number[]) => {
    const pool = await makePool(points, null, [...open], labelled);
    const passed = Uint32Array.of(80, 81, 82, 83, 84);
    return trustOf({ ...pool, passed }, open, 0.8, 1, makeTools(auto));
  };
  const known = [0, 1, 2, 3, 4];
  const [elsewhere, near] = await trusted(known);
  expect(near).toBeLessThan(0.5 * elsewhere!);
  const later = await trusted([...known, ...Array.from({ length: 20 }, (_, at) => 90 + at)]);
  expect(later[0]).toBeGreaterThanOrEqual(elsewhere!);
  expect(later[1]).toBeGreaterThan(2 * near!);
});
