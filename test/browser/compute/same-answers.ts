// Asks fast kernels and core's reference the same questions and holds them to the same answers.

import { expect } from "vitest";
import type { Activation, Kernels } from "../../../src/core/kernels/kernels";
import { createRandom, type Random } from "../../../src/core/random";
import { createReferenceKernels } from "../../../src/core/kernels/reference-kernels";

export interface Question {
  readonly name: string;
  readonly rows: number;
  readonly dims: number;
  readonly classes: number;
  /** Coordinates in quarters, which every number type holds exactly, and rows that repeat, so that distances tie and twins are asked about. */
  readonly ties?: boolean;
  /** Length of a usual row; long ones make float32 sums lose digits. */
  readonly scale?: number;
}

export const questions: readonly Question[] = [
  { name: "one row", rows: 1, dims: 4, classes: 3 },
  { name: "one class", rows: 7, dims: 3, classes: 1 },
  { name: "one dimension", rows: 40, dims: 1, classes: 2 },
  { name: "ties and twins", rows: 60, dims: 3, classes: 4, ties: true },
  { name: "an odd shape", rows: 129, dims: 17, classes: 5 },
  { name: "long rows", rows: 80, dims: 8, classes: 3, scale: 100 },
  { name: "300 x 16", rows: 300, dims: 16, classes: 10 },
];

function makeValues(random: Random, { rows, dims, ties, scale = 1 }: Question): Float32Array {
  const values = Float32Array.from({ length: rows * dims }, () =>
    ties ? random.integer(3) / 4 : random.normal() * scale,
  );
  // Twins far apart in the matrix.
  if (ties)
    for (let row = 0; row < 10; row++)
      values.copyWithin((rows - 1 - row) * dims, row * dims, (row + 1) * dims);
  return values;
}

/** As float32 can be trusted: relative to the larger numbers, absolute near zero. */
function expectClose(found: ArrayLike<number>, wanted: ArrayLike<number>, what: string, size = 1): void {
  expect(found.length, `${what}: how many`).toBe(wanted.length);
  for (let at = 0; at < wanted.length; at++) {
    const apart = Math.abs(found[at]! - wanted[at]!);
    // Written so that NaN fails.
    if (!(apart <= 1e-4 * Math.max(size, Math.abs(wanted[at]!))))
      expect.fail(`${what}, place ${at}: ${found[at]} instead of ${wanted[at]}`);
  }
}

/** @param maxPicks fewer for a tier that is slow here; where rows tie, always as many as there are candidates. */
export async function expectSameAnswers(kernels: Kernels, question: Question, maxPicks = 40): Promise<void> {
  const { rows, dims, classes, scale = 1 } = question;
  const random = createRandom(20261121).fork(question.name);
  const values = makeValues(random, question);
  const reference = createReferenceKernels();
  const matrix = await kernels.upload(values, rows, dims);
  const plain = await reference.upload(values, rows, dims);
  const draw = (count: number) => Float32Array.from({ length: count }, () => random.normal() / scale);
  const layer = { dims, classes, weights: draw(dims * classes), bias: draw(classes) };

  for (const activation of ["softmax", "sigmoid"] as Activation[]) {
    const found = await kernels.scores(matrix, layer, activation);
    const wanted = await reference.scores(plain, layer, activation);
    for (const one of ["probabilities", "leastConfidence", "margin", "entropy"] as const)
      expectClose(found[one], wanted[one], `${activation} ${one}`);
  }

  const shuffled = random.shuffle(Uint32Array.from({ length: rows }, (_, row) => row));
  const some = shuffled.subarray(0, Math.ceil(rows / 2));
  const others = shuffled.subarray(some.length);
  const picks = Math.min(some.length, question.ties ? rows : maxPicks);
  for (const centres of [new Uint32Array(0), others]) {
    const found = await kernels.farthestFirst(matrix, some, centres, picks, null);
    const wanted = await reference.farthestFirst(plain, some, centres, picks, null);
    const what = `farthest first from ${centres.length} centres`;
    expect([...found.rows], what).toEqual([...wanted.rows]);
    expectClose(found.distances, wanted.distances, what, scale);
  }

  const left = shuffled.subarray(0, Math.min(rows, 25));
  const right = shuffled.subarray(0, Math.min(rows, 7));
  expectClose(
    await kernels.innerProducts(matrix, left, right),
    await reference.innerProducts(plain, left, right),
    "inner products",
    scale * scale * dims,
  );
  matrix.dispose();
  plain.dispose();
}
