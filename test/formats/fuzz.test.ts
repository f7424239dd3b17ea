// Broken files by the hundred: every reader ends, keeps its promises about what it hands on, and throws only
// sentences.

import { describe, expect, it } from "vitest";
import { createRandom, type Random } from "../../src/core/random";
import { maxTextCharacters, type TextReader } from "../../src/formats/reader";
import { readers } from "../../src/formats/reader-registry";
import { openZip } from "../../src/formats/zip";
import { utf16 } from "./read-all";
import { exporter } from "../../src/formats/exporters/class-folders";
import { record, sourceOf } from "./export-source";
import { gather } from "./read-all";

const filesPerSeed = 60;
const seeds: readonly (string | Uint8Array<ArrayBuffer>)[] = [
  'text,label\r\n"one, ""1""",a\r\n"two\r\nlines",b\r\nthree,a\r\n',
  "id;text;class\n1;eins;a\n2;zwei, drei;b\n",
  'text\tlabel\nthe "best"\tx\n"a\tb"\ty\n',
  '{"text":"one","label":["a","b"]}\n{"text":"two","meta":{"x":[1,{"y":null}]}}\n',
  '[{"text":"one","label":"a"},{"text":"two é"}]',
  "naïve\ncafé\r\n\r\nüber 漢字 😀\n",
  utf16("text,label\nzwölf,é\n", true, true),
  utf16("plain and simple\nlines\n", false, false),
];
/** Pieces that mean something to one format or another. */
const spice = [
  '"',
  '""',
  ",",
  ";",
  "\t",
  "\r",
  "\n",
  "\r\n",
  "{",
  "}",
  "[",
  "]",
  "\\",
  "\0",
  "\uFEFF",
  "\u2028",
  "=1",
  "__proto__",
  "1e999",
  "\ud800",
];

function mutate(seed: Uint8Array<ArrayBuffer>, random: Random): Uint8Array<ArrayBuffer> {
  let bytes = [...seed];
  for (let change = random.integer(8) + 1; change > 0; change--) {
    const at = random.integer(bytes.length + 1);
    const kind = random.integer(5);
    if (kind === 0) bytes[Math.min(at, bytes.length)] = random.integer(256);
    else if (kind === 1)
      bytes.splice(at, 0, ...new TextEncoder().encode(spice[random.integer(spice.length)]));
    else if (kind === 2) bytes.splice(at, random.integer(6));
    else if (kind === 3) bytes = bytes.slice(0, at);
    else bytes.splice(at, 0, ...bytes.slice(random.integer(bytes.length + 1)).slice(0, 200));
  }
  return Uint8Array.from(bytes);
}

function expectSentence(error: unknown): void {
  expect(error).toBeInstanceOf(Error);
  expect((error as Error).message).toMatch(/^\S.* .*\.$/s);
  expect((error as Error).message).not.toMatch(/undefined|null is not|\[object|cannot read prop/i);
}

async function tryReader(reader: TextReader, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const file = new Blob([bytes]);
  try {
    const { columns, rows, guessedText, guessedGiven } = await reader.preview(file);
    expect(new Set(columns).size).toBe(columns.length);
    expect(rows.length).toBeLessThanOrEqual(20);
    for (const row of rows) expect(row).toHaveLength(columns.length);
    if (columns.length > 0) expect(columns).toContain(guessedText);
    if (guessedGiven !== null) expect(columns).toContain(guessedGiven);
    let last = 0;
    for await (const batch of reader.read(file, { textColumn: null, givenColumn: guessedGiven }, null)) {
      for (const row of batch.rows) {
        expect(row.text.trim()).not.toBe("");
        expect(row.text.length).toBeLessThanOrEqual(maxTextCharacters);
        expect(row.given).not.toBe("");
      }
      for (const problem of batch.problems) expect(problem.message).toMatch(/^[A-Z0-9].*\.$/s);
      expect(batch.bytesRead).toBeGreaterThanOrEqual(last);
      last = batch.bytesRead;
    }
    expect(last).toBe(file.size);
  } catch (error) {
    if (error instanceof Error && error.name === "AssertionError") throw error;
    expectSentence(error);
  }
}

describe.each([...readers.values()])("$id", (reader) => {
  it(`survives ${seeds.length * filesPerSeed} broken files`, async () => {
    const random = createRandom(2025).fork(reader.id);
    for (const seed of seeds) {
      const whole = typeof seed === "string" ? new TextEncoder().encode(seed) : seed;
      for (let file = 0; file < filesPerSeed; file++) await tryReader(reader, mutate(whole, random));
    }
  }, 30_000);
});

it("survives 300 broken archives", async () => {
  const records = ["a", "b", "c"].map((name) => record({ name, text: name.repeat(2000) }));
  const whole = new Uint8Array(await (await gather(exporter.write(sourceOf(records), null))).arrayBuffer());
  const random = createRandom(99);
  let opened = 0;
  for (let file = 0; file < 300; file++) {
    const bytes = whole.slice();
    for (let change = random.integer(4) + 1; change > 0; change--) {
      // Most of what matters stands in the last bytes.
      const from = random.integer(2) === 0 ? bytes.length - 400 : 0;
      bytes[from + random.integer(bytes.length - from)] = random.integer(256);
    }
    try {
      const archive = await openZip(new Blob([bytes]));
      opened++;
      for (const entry of archive.entries) {
        await entry.read(100_000).catch(expectSentence);
        expect(entry.path).not.toMatch(/(^|\/)\.\.(\/|$)|^\/|\\/);
      }
    } catch (error) {
      if (error instanceof Error && error.name === "AssertionError") throw error;
      expectSentence(error);
    }
  }
  expect(opened).toBeGreaterThan(50);
}, 30_000);
