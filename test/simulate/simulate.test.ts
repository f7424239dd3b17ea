// The parts of the simulation around the replay: array files, strategies as they are named, and the sums.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createReferenceKernels } from "../../src/core/kernels/reference-kernels";
import { createRandom } from "../../src/core/random";
import { standardError } from "../../src/core/simulation/compare-strategies";
import { compare, type Curve } from "./compare";
import { readContestant } from "./contestant";
import { readArrays, writeArrays, type DataSet } from "./data-set";
import { readNpy, writeNpy } from "./npy";
import { labelsToEndOf, toSvg, toTable } from "./report";

const folder = mkdtempSync(join(tmpdir(), "askwell-simulate-"));
afterAll(() => rmSync(folder, { recursive: true }));

function twoGroups(rows: number, seed: number) {
  const random = createRandom(seed);
  const truth = Int32Array.from({ length: rows }, (_, row) => row % 2);
  const values = new Float32Array(rows * 2);
  truth.forEach((one, row) => {
    const angle = one * 2 + 0.5 * random.normal();
    values.set([Math.cos(angle), Math.sin(angle)], row * 2);
  });
  return { values, rows, truth };
}

const data: DataSet = {
  name: "groups",
  encoder: "none",
  dims: 2,
  classes: ["a", "b"],
  pool: twoGroups(60, 1),
  test: twoGroups(40, 2),
};

test("arrays come back as they were written, in the order pool, test", () => {
  writeArrays(data, join(folder, "X.npy"));
  const read = readArrays(join(folder, "X.npy"), join(folder, "y.npy"), 60);
  expect(read.pool).toEqual(data.pool);
  expect(read.test).toEqual(data.test);
  expect(read.dims).toBe(2);
  expect(read.name).toBe(basename(folder));
  expect(() => readArrays(join(folder, "X.npy"), join(folder, "y.npy"), 100)).toThrow(/100 rows/);
});

test("what is no array file is refused", () => {
  writeFileSync(join(folder, "no.npy"), "text, not an array");
  expect(() => readNpy(join(folder, "no.npy"))).toThrow(/no NumPy array/);
  writeNpy(join(folder, "whole.npy"), [3], Int32Array.of(1, -2, 3));
  expect(readNpy(join(folder, "whole.npy"))).toEqual({ shape: [3], values: Float32Array.of(1, -2, 3) });
});

test("a strategy is named with what is set for it", () => {
  expect(readContestant("max-herding:lengthScale=0.5:randomShare=0:start=coverage")).toEqual({
    name: "max-herding:lengthScale=0.5:randomShare=0:start=coverage",
    strategyId: "max-herding",
    parameters: { lengthScale: 0.5 },
    randomShare: 0,
    start: "coverage",
    headId: null,
  });
  expect(() => readContestant("margin:lengthScale=1")).toThrow(/nothing that can be set for margin/);
});

test("curves are means over the seeds, with errors, and begin at the same labels for all", async () => {
  const plan = {
    contestants: ["margin", "random"].map(readContestant),
    headId: "logistic",
    budget: 20,
    batch: 5,
    start: 5,
    seeds: 3,
    noise: 0,
    say: () => undefined,
  };
  const found = await compare(data, plan, createReferenceKernels(), true);
  const { margin, random } = found.strategies as Record<string, Curve>;
  expect(margin!.labels).toEqual([5, 10, 15, 20]);
  expect(margin!.mean[0]).toBe(random!.mean[0]);
  expect(margin!.final).toBe(margin!.mean[3]);
  const mean = margin!.aulcs.reduce((sum, one) => sum + one, 0) / 3;
  expect(margin!.aulc).toBeCloseTo(mean, 12);
  expect(margin!.aulcSe).toBeCloseTo(standardError(margin!.aulcs), 12);
  expect(found.full).toBeGreaterThan(0.9);
  expect(margin!.labelsTo95).toHaveLength(3);
  expect(toTable(found).split("\n")).toHaveLength(4);
  expect(toSvg(found)).toContain("<polyline");
});

test("the standard error of 1, 2, 3 is 1 / √3, and labels are read off a straight line", () => {
  expect(standardError([1, 2, 3])).toBeCloseTo(1 / Math.sqrt(3), 12);
  const curve = (mean: number[]) => ({ labels: [10, 20, 30], mean }) as unknown as Curve;
  expect(labelsToEndOf(curve([0.2, 0.4, 0.6]), curve([0.4, 0.5, 0.9]))).toBe(23);
  expect(labelsToEndOf(curve([0.2, 0.4, 0.9]), curve([0.4, 0.5, 0.6]))).toBeNull();
});
