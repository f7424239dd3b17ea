// Which tier is picked, what is said about it, and that a tier whose arithmetic lies is not trusted.

import { expect, test } from "vitest";
import type { Kernels } from "../../../src/core/kernels/kernels";
import { createReferenceKernels } from "../../../src/core/kernels/reference-kernels";
import { openKernels } from "../../../workers/compute/open-kernels";
import { findDisagreement } from "../../../workers/compute/self-check";

test("by itself it takes WebAssembly where the only graphics adapter is a software one, and says why", async () => {
  const { kernels, report } = await openKernels("auto");
  expect(report).toEqual({
    tier: "wasm",
    adapter: null,
    check: expect.stringMatching(/^Its self-check agreed with the reference in every kernel/),
    state: "ready",
    notes: ["The only graphics adapter is a software one, which is slower than WebAssembly."],
  });
  expect(kernels.tier).toBe("wasm");
});

test("plain JavaScript is taken when it is asked for", async () => {
  const { kernels, report } = await openKernels("cpu");
  expect(report).toEqual({
    tier: "cpu",
    adapter: null,
    check: "It is the reference the others are checked against.",
    state: "ready",
    notes: [],
  });
  expect(kernels.tier).toBe("cpu");
});

test("kernels that agree pass the self-check", async () => {
  expect(await findDisagreement(createReferenceKernels())).toBeNull();
});

type Lie = (values: Float32Array | Uint32Array) => void;

const lies: readonly [string, Lie][] = [
  ["a little off in the last place", (values) => (values[values.length - 1]! += 1)],
  ["NaN in the first place", (values) => (values[0] = NaN)],
  ["all zeros", (values) => values.fill(0)],
];

/** The reference, but for one answer of one kernel. */
function lying(kernel: string, field: string | null, lie: Lie): Kernels {
  const honest = createReferenceKernels();
  const ask = honest[kernel as "scores"].bind(honest) as (...args: unknown[]) => Promise<unknown>;
  return {
    ...honest,
    [kernel]: async (...args: unknown[]) => {
      const answer = await ask(...args);
      lie((field ? (answer as Record<string, unknown>)[field] : answer) as Float32Array);
      return answer;
    },
  };
}

const places = [
  ["scores", "probabilities"],
  ["scores", "leastConfidence"],
  ["scores", "margin"],
  ["scores", "entropy"],
  ["farthestFirst", "rows"],
  ["farthestFirst", "distances"],
  ["innerProducts", null],
] as const;

const cases = places.flatMap(([kernel, field]) =>
  lies.map(([name, lie]) => ({ kernel, field, name, lie, what: field ?? "products" })),
);

test.each(cases)("$kernel that gives $what with $name is refused", async ({ kernel, field, lie }) => {
  expect(await findDisagreement(lying(kernel, field, lie))).toMatch(new RegExp(`^${kernel} `));
});

test("an answer of the wrong length is refused", async () => {
  const honest = createReferenceKernels();
  const short: Kernels = {
    ...honest,
    innerProducts: async (...args) => (await honest.innerProducts(...args)).subarray(1),
  };
  expect(await findDisagreement(short)).toMatch(/^innerProducts .* numbers instead of /);
});

test("a kernel that fails is a disagreement, which passes the tier over", async () => {
  const broken: Kernels = { ...createReferenceKernels(), scores: () => Promise.reject(new Error("lost")) };
  expect(await findDisagreement(broken)).toMatch(/^scores .*lost/);
});
