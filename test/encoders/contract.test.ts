// What every encoder promises, run over the whole registry: a new encoder is tested the moment it exists.

import { describe, expect, test } from "vitest";
import { type Encoder, type EncoderState } from "../../workers/encoders/encoder";
import { defaultEncoder, encoders } from "../../workers/encoders/registry";
import { picture, plain, stripes } from "./pictures";
import { inTurn } from "./probe";

const words = "the cat sat on a mat while rain fell over seven grey hills and trains ran late".split(" ");
const ordinaryTexts = Array.from({ length: 40 }, (_, at) =>
  Array.from({ length: 8 }, (_, word) => words[(at * 5 + word * (at + 3)) % words.length]).join(" "),
);
const oddTexts = {
  emoji: "👩‍👩‍👧 🎉🎉 👍🏽",
  Chinese: "今天的天气很好，我们去公园吧。",
  Thai: "วันนี้อากาศดีมาก",
  Arabic: "الطقس جميل اليوم",
  "lone surrogate": "half \ud83d an emoji",
  "one character": "a",
  punctuation: "?!",
  "control characters": "\u0000\u0001",
  "one endless word": "x".repeat(100_000),
};
const ordinaryImages = Array.from({ length: 40 }, (_, at) => stripes(16 + (at % 5), at / 6, 4 + (at % 3)));
const oddImages = {
  "one pixel": plain(1, 1, 90),
  "one pixel wide": picture(1, 500, (_, y) => [y % 256, 10, 200]),
  "one pixel high": picture(500, 1, (x) => [x % 256, 10, 200]),
  "two by three": picture(2, 3, (x, y) => [x * 200, y * 80, 40]),
  "all black": plain(32, 32, 0),
  "all white": plain(32, 32, 255),
  "noise of single pixels": picture(33, 31, (x, y) => [(x * 7919 + y * 104729) % 256, (x * y) % 256, 0]),
};

// The union of encoders cannot be called with an input; the tests below pair kind and inputs themselves.
interface AnyEncoder {
  learn(
    items: AsyncIterable<unknown>,
    seed: number,
    stop: { aborted: boolean } | null,
  ): Promise<EncoderState>;
  encode(inputs: readonly unknown[], state: EncoderState): Promise<Float32Array>;
}

function materials(encoder: Encoder) {
  const isText = encoder.kind === "text";
  const ordinary: readonly unknown[] = isText ? ordinaryTexts : ordinaryImages;
  const odd: Record<string, unknown> = isText ? oddTexts : oddImages;
  return { ordinary, odd, subject: encoder as unknown as AnyEncoder };
}

function expectUnitRows(rows: Float32Array, dims: number): void {
  for (let start = 0; start < rows.length; start += dims) {
    const squares = rows.subarray(start, start + dims).reduce((sum, value) => sum + value * value, 0);
    expect(squares).toBeCloseTo(1, 4);
  }
}

test("each kind has a default encoder", () => {
  expect(defaultEncoder("image").kind).toBe("image");
  expect(defaultEncoder("text").kind).toBe("text");
});

describe.each([...encoders.values()])("$id", (encoder) => {
  const { ordinary, odd, subject } = materials(encoder);
  const learn = (items: readonly unknown[], seed = 7) => subject.learn(inTurn(items), seed, null);

  let learnt: Promise<EncoderState> | null = null;
  const learnOnce = () => (learnt ??= learn(ordinary));

  test("says what it is", () => {
    expect(encoder.label).not.toBe("");
    expect(encoder.summary).toMatch(/\.$/);
    expect(encoder.version).toBeGreaterThanOrEqual(1);
  });

  test("gives one finite row of length 1 for each item", async () => {
    const rows = await subject.encode(ordinary, await learnOnce());
    expect(rows.length).toBe(ordinary.length * encoder.dims);
    expect(rows.every(Number.isFinite)).toBe(true);
    expectUnitRows(rows, encoder.dims);
  });

  test("gives the same rows for the same seed, and others for another", async () => {
    const first = await subject.encode(ordinary, await learn(ordinary));
    expect(await subject.encode(ordinary, await learn(ordinary))).toEqual(first);
    expect(await subject.encode(ordinary, await learn(ordinary, 8))).not.toEqual(first);
  });

  test("gives an item the same row in any batch", async () => {
    const state = await learnOnce();
    const together = await subject.encode(ordinary, state);
    const alone = await subject.encode([ordinary[3]], state);
    expect(alone).toEqual(together.slice(3 * encoder.dims, 4 * encoder.dims));
    expect((await subject.encode([], state)).length).toBe(0);
  });

  test("keeps what it learnt through storage", async () => {
    const state = await learnOnce();
    const stored = structuredClone(state);
    expect(await subject.encode(ordinary, stored)).toEqual(await subject.encode(ordinary, state));
  });

  test.each(Object.keys(odd))("takes %s", async (name) => {
    const rows = await subject.encode([odd[name]], await learnOnce());
    expect(rows.every(Number.isFinite)).toBe(true);
    expectUnitRows(rows, encoder.dims);
  });

  test.each([0, 1, 2])("works after learning from %i items", async (count) => {
    const state = await learn(ordinary.slice(0, count));
    const rows = await subject.encode(ordinary.slice(2, 6), state);
    expect(rows.every(Number.isFinite)).toBe(true);
    expectUnitRows(rows, encoder.dims);
    expect(rows.slice(0, encoder.dims)).not.toEqual(rows.slice(encoder.dims, 2 * encoder.dims));
  });

  test("learns from odd items without breaking", async () => {
    const state = await learn(Object.values(odd));
    const rows = await subject.encode(ordinary, state);
    expect(rows.every(Number.isFinite)).toBe(true);
    expectUnitRows(rows, encoder.dims);
  });

  test("stops when told", async () => {
    const stopped = subject.learn(inTurn(ordinary), 7, { aborted: true });
    await expect(stopped).rejects.toMatchObject({ name: "AbortError" });
  });
});
