// Comparing encoders: the better one comes out better, one that fails leaves the others, and speed is counted.

import { expect, test } from "vitest";
import type { Item } from "../../src/core/item";
import { compareEncoders, type ComparisonInput, type ReadyEncoder } from "../../workers/compare-encoders";

const input: ComparisonInput = {
  labelled: Array.from({ length: 60 }, (_, row) => ({ row, classes: [row % 2] })),
  classes: 2,
  answerMode: "single",
  encoderIds: [null, "model-noise", "model-broken"],
  seed: 4,
};

/** Rows of one dim and its sign, by what the item's row says. */
function encoder(value: (row: number) => number): ReadyEncoder {
  return {
    dims: 2,
    device: "wasm",
    encode: async (items) => Float32Array.from(items.flatMap(({ row }) => [value(row), 1])),
  };
}

const open = async (encoderId: string | null): Promise<ReadyEncoder> => {
  if (encoderId === "model-broken") throw new Error("The model does not fit.");
  // Sine of the row's square: as good as noise to a linear head.
  return encoderId === null ? encoder((row) => (row % 2 ? 1 : -1)) : encoder((row) => Math.sin(row * row));
};

const tools = (stop: { aborted: boolean } = { aborted: false }) => {
  let time = 0;
  const reports: number[] = [];
  return {
    reports,
    open,
    load: async (row: number) => (row === 7 ? null : ({ row } as Item)),
    now: () => (time += 500),
    report: (done: number) => void reports.push(done),
    stop,
  };
};

test("accuracy with its interval and speed, side by side; a fault is a sentence", async () => {
  const used = tools();
  const [good, noise, broken] = await compareEncoders(input, used);
  // One item is gone; the clock above gives every encoder half a second.
  expect(good).toMatchObject({ encoderId: null, dims: 2, device: "wasm", itemsPerSecond: 118 });
  expect(good).toMatchObject({ accuracy: { value: 1, count: 59 } });
  expect(noise).toMatchObject({ encoderId: "model-noise" });
  expect((noise as { accuracy: { value: number } }).accuracy.value).toBeLessThan(0.75);
  expect(broken).toEqual({ encoderId: "model-broken", fault: "The model does not fit." });
  expect(used.reports).toEqual([1, 2, 3]);
});

test("it stops when told", async () => {
  await expect(compareEncoders(input, tools({ aborted: true }))).rejects.toMatchObject({
    name: "AbortError",
  });
});
