// The streaming splitter of JSON, against JSON.parse, cut anywhere.

import fc from "fast-check";
import { expect, it } from "vitest";
import { jsonElements, type JsonElement } from "../../src/formats/json-elements";

async function split(
  text: string,
  size = text.length || 1,
): Promise<{ found: JsonElement[]; broken: boolean }> {
  async function* chunks() {
    for (let at = 0; at < text.length; at += size)
      yield { text: text.slice(at, at + size), bytesRead: Math.min(text.length, at + size) };
  }
  const found: JsonElement[] = [];
  let broken = false;
  for await (const step of jsonElements(chunks())) {
    found.push(...step.elements);
    broken = step.broken;
  }
  return { found, broken };
}

it("finds every element of any list, however the text is cut", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.jsonValue()),
      fc.integer({ min: 1, max: 9 }),
      fc.boolean(),
      async (list, size, wide) => {
        const { found, broken } = await split(JSON.stringify(list, null, wide ? 2 : 0), size);
        expect(broken).toBe(false);
        expect(found.map(({ text }) => JSON.parse(text!) as unknown)).toEqual(
          JSON.parse(JSON.stringify(list)),
        );
        expect(found.map(({ number }) => number)).toEqual(list.map((_, at) => at + 1));
      },
    ),
    { seed: 1, numRuns: 200 },
  );
});

it("finds the entries of the lists and objects in a top-level object", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(
        fc.string(),
        fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue())),
      ),
      fc.integer({ min: 1, max: 9 }),
      async (whole, size) => {
        const text = JSON.stringify(whole);
        const { found, broken } = await split(text, size);
        expect(broken).toBe(false);
        const expected = Object.entries(JSON.parse(text) as Record<string, unknown>).flatMap(
          ([under, value]) =>
            Array.isArray(value)
              ? value.map((one: unknown) => [under, null, one])
              : Object.entries(value as object).map(([key, one]) => [under, key, one]),
        );
        expect(found.map(({ under, key, text: one }) => [under, key, JSON.parse(one!)])).toEqual(expected);
      },
    ),
    { seed: 2, numRuns: 200 },
  );
});

it("gives single values of an object under their key", async () => {
  const { found } = await split('{"version": 1, "info": null, "list": [2], "name": "a,b]"}');
  expect(found.map(({ under, key, text }) => [under, key, text!.trim()])).toEqual([
    ["version", null, "1"],
    ["info", null, "null"],
    ["list", null, "2"],
    ["name", null, '"a,b]"'],
  ]);
});

it.each(["[1, 2", '["a', "[1] x", "]", "x", '{"a": [1, 2}'])("says that %j is broken", async (text) => {
  expect((await split(text)).broken).toBe(true);
});

it("drops an element that is too long, keeps the others, and holds no more than a chunk of it", async () => {
  let sent = 0;
  async function* chunks() {
    yield { text: '[{"a":1},{"b":"', bytesRead: 0 };
    const piece = "x".repeat(256 * 1024);
    for (; sent < 100; sent++) yield { text: piece, bytesRead: sent };
    yield { text: '"},{"c":3}]', bytesRead: sent };
  }
  const found: JsonElement[] = [];
  for await (const { elements } of jsonElements(chunks())) found.push(...elements);
  expect(found.map(({ text }) => text)).toEqual(['{"a":1}', null, '{"c":3}']);
});
