// The test every implementation of `Kernels` takes: it must answer as the reference does, on every kernel and
// every shape below. The start-up self-check asks a few of the same questions.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PoolExhausted, Stopped } from "../../../src/core/errors";
import {
  checkNames,
  findDisagreements,
  quickExamples,
  type AgreementExample,
} from "../../../src/core/kernels/kernel-agreement";
import type { Kernels } from "../../../src/core/kernels/kernels";

const thorough: readonly AgreementExample[] = [
  ...quickExamples,
  { name: "one row", rows: 1, dims: 3, classes: 2, kind: "plain", every: 1, count: 1 },
  { name: "one class", rows: 20, dims: 6, classes: 1, kind: "plain", every: 1, count: 4 },
  { name: "one dimension", rows: 30, dims: 1, classes: 2, kind: "plain", every: 3, count: 6 },
  { name: "odd sizes", rows: 67, dims: 19, classes: 7, kind: "plain", every: 3, count: 20 },
  { name: "wide", rows: 130, dims: 384, classes: 10, kind: "plain", every: 1, count: 30 },
  { name: "many classes", rows: 80, dims: 12, classes: 77, kind: "plain", every: 2, count: 25 },
  { name: "more duplicates", rows: 300, dims: 33, classes: 5, kind: "duplicates", every: 1, count: 120 },
  { name: "more ties", rows: 700, dims: 5, classes: 3, kind: "ties", every: 2, count: 40 },
  { name: "several blocks", rows: 4500, dims: 24, classes: 5, kind: "plain", every: 1, count: 25 },
  { name: "few candidates of many", rows: 4500, dims: 16, classes: 3, kind: "plain", every: 97, count: 30 },
];

/** @param open called once; may return null where the tier is not there, and the tests are then skipped. */
export function describeAgreement(name: string, open: () => Promise<Kernels | null>): void {
  describe(`${name} agrees with the reference`, () => {
    let kernels: Kernels | null = null;
    beforeAll(async () => {
      kernels = await open();
    });
    afterAll(() => kernels?.dispose());

    test.each(thorough)("$name", { timeout: 60_000 }, async (example) => {
      if (kernels) expect(await findDisagreements(kernels, [example], checkNames)).toEqual([]);
    });

    test("too large a count and a stop are said by name", async () => {
      if (!kernels) return;
      const matrix = await kernels.upload(Float32Array.of(1, 2, 3), 3, 1);
      const two = Uint32Array.of(0, 2);
      const none = new Uint32Array(0);
      const probabilities = Float32Array.of(0.5, 0.5, 0.4, 0.6, 1, 0);
      const stop = { aborted: true };
      await expect(kernels.farthestFirst(matrix, two, none, 3, null)).rejects.toThrow(PoolExhausted);
      await expect(kernels.spreadSample(matrix, two, none, 3, 1, null)).rejects.toThrow(PoolExhausted);
      await expect(kernels.gradientSample(matrix, probabilities, 2, two, 3, 1, null)).rejects.toThrow(
        PoolExhausted,
      );
      await expect(kernels.topK(Float32Array.of(1, 2, 3), two, 3)).rejects.toThrow(PoolExhausted);
      await expect(kernels.farthestFirst(matrix, two, none, 2, stop)).rejects.toThrow(Stopped);
      await expect(kernels.spreadSample(matrix, two, none, 2, 1, stop)).rejects.toThrow(Stopped);
      await expect(kernels.gradientSample(matrix, probabilities, 2, two, 2, 1, stop)).rejects.toThrow(
        Stopped,
      );
      await expect(kernels.nearest(matrix, two, 1, stop)).rejects.toThrow(Stopped);
      await expect(kernels.kMeans(matrix, two, Float32Array.of(1, 3), 5, stop)).rejects.toThrow(Stopped);
      matrix.dispose();
    });

    test("nothing to choose from, and nothing wanted, is no error", async () => {
      if (!kernels) return;
      const matrix = await kernels.upload(Float32Array.of(1, 2, 3), 3, 1);
      const none = new Uint32Array(0);
      const one = Uint32Array.of(1);
      const probabilities = new Float32Array(6).fill(0.5);
      expect(await kernels.spreadSample(matrix, one, none, 0, 1, null)).toHaveLength(0);
      expect(await kernels.gradientSample(matrix, probabilities, 2, none, 0, 1, null)).toHaveLength(0);
      expect((await kernels.farthestFirst(matrix, none, none, 0, null)).rows).toHaveLength(0);
      expect((await kernels.nearest(matrix, none, 3, null)).rows).toHaveLength(0);
      expect((await kernels.kMeans(matrix, none, Float32Array.of(1), 3, null)).clusters).toHaveLength(0);
      expect(await kernels.innerProducts(matrix, none, one)).toHaveLength(0);
      matrix.dispose();
    });
  });
}
