// What the text encoder should find alike, and what it does with texts that carry nothing.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encoder } from "../../workers/encoders/lsa-sif";
import {
  BUCKETS,
  createTextReader,
  MAX_CHARACTERS,
  segmentsOf,
} from "../../workers/encoders/text-features/tokens";
import { inTurn } from "./probe";

const corpus = [
  "The striker scored twice and the team won the match",
  "A late goal won the match for the home team",
  "The coach praised the team after the football match",
  "Shares fell as the bank reported a quarterly loss",
  "The bank raised its interest rates and shares rose",
  "Profit at the bank beat what the market expected",
];

async function cosine(one: string, two: string): Promise<number> {
  const state = await encoder.learn(inTurn(corpus), 1, null);
  const rows = await encoder.encode([one, two], state);
  const second = rows.subarray(encoder.dims);
  return rows.subarray(0, encoder.dims).reduce((sum, value, dim) => sum + value * second[dim]!, 0);
}

describe("lsa-sif", () => {
  test("puts texts about the same thing nearer than others", async () => {
    const near = await cosine("the team won a football match", "the coach and the striker of the home team");
    const far = await cosine("the team won a football match", "shares of the bank fell on the market");
    expect(near).toBeGreaterThan(far + 0.1);
  });

  test("sees through case, width and composed letters", async () => {
    expect(await cosine("Café FOOTBALL", "cafe\u0301 ｆｏｏｔｂａｌｌ")).toBeCloseTo(1, 5);
  });

  test("puts a misspelt word near the right one", async () => {
    const typo = await cosine("footbal macth", "football match");
    expect(typo).toBeGreaterThan((await cosine("quarterly loss", "football match")) + 0.3);
  });

  test("keeps texts apart that have no piece in common with what it learnt", async () => {
    expect(await cosine("今天的天气很好", "الطقس جميل اليوم")).toBeLessThan(0.5);
    expect(await cosine("今天的天气很好", "今天的天气不好")).toBeGreaterThan(0.5);
  });

  test("counts the words and pairs that more texts than one have, each text with length 1", async () => {
    const state = await encoder.learn(inTurn(corpus), 1, null);
    const texts = ["the bank bank", "won the match", "zebra", "word ".repeat(3)];
    const { values, terms } = await encoder.encodeWithTerms!(texts, state);
    expect(values).toEqual(await encoder.encode(texts, state));
    expect(terms.rows).toBe(4);
    const counts = [0, 1, 2, 3].map((row) => terms.offsets[row + 1]! - terms.offsets[row]!);
    // the, bank, "the bank"; won, the, match, "won the", "the match"; words of one text or none.
    expect(counts).toEqual([3, 5, 0, 0]);
    for (const [from, to] of [
      [0, 3],
      [3, 8],
    ])
      expect(Math.hypot(...terms.values.subarray(from, to))).toBeCloseTo(1, 6);
    expect(Math.max(...terms.indices)).toBeLessThan(terms.columns);
  });

  test("gives zeros for texts without a visible character", async () => {
    const state = await encoder.learn(inTurn(corpus), 1, null);
    const rows = await encoder.encode(["", " \n\t\u00a0"], state);
    expect(rows.every((value) => value === 0)).toBe(true);
  });

  test("reads no further than its bound", async () => {
    const start = "word ".repeat(MAX_CHARACTERS / 5);
    expect(await cosine(start, `${start}${"other things ".repeat(1000)}`)).toBeCloseTo(1, 5);
  });
});

describe("pieces of a text", () => {
  test("are words in order, and sequences of 2 to 5 characters, each counted", () => {
    // " ab ": of its four characters 3 sequences of two, 2 of three, 1 of four.
    const once = createTextReader()("ab");
    expect(once.words.length).toBe(1);
    expect(once.buckets.length).toBe(6);
    expect([...once.counts]).toEqual(Array(6).fill(1));
    const { words, buckets, counts } = createTextReader()("ab cd ab");
    expect(words[0]).toBe(words[2]);
    expect(words[0]).not.toBe(words[1]);
    expect(Math.max(...counts)).toBe(2);
    expect(buckets.every((bucket) => bucket < BUCKETS)).toBe(true);
  });

  test("of plain ASCII are what the segmenter finds in the whole text", () => {
    const segmenter = new Intl.Segmenter("en", { granularity: "word" });
    const slowly = (text: string) =>
      [...segmenter.segment(text)].map(({ segment }) => segment).filter((segment) => segment.trim() !== "");
    const piece = fc.constantFrom(..."ab9Z_.,:;'-\"@/\\ \t\n\r\x1c\x00é\u0308");
    const given = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(given, (text) => {
        const clean = text.normalize("NFKC").toLowerCase();
        expect([...segmentsOf(text)]).toEqual(slowly(clean));
      }),
      { seed: 7, numRuns: 2000 },
    );
  });

  test("are found in scripts without spaces", () => {
    const { words } = createTextReader()("今天的天气很好");
    expect(words.length).toBeGreaterThan(2);
  });

  test("leave nothing behind for the next text", () => {
    const read = createTextReader();
    const fresh = read("one two three");
    read("two three four");
    expect(read("one two three")).toEqual(fresh);
  });
});
