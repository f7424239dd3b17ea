// Broken files by the hundred: every reader ends, keeps its promises about what it hands on, and throws only
// sentences. FUZZ_RUNS=5000 breaks thousands for each.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../../src/core/random";
import { exporter } from "../../src/formats/exporters/class-folders";
import { maxTextCharacters, rowsPerBatch, type TextReader } from "../../src/formats/reader";
import { readers } from "../../src/formats/reader-registry";
import { openZip } from "../../src/formats/zip";
import { record, sourceOf } from "./export-source";
import { broken, edits, expectSentence, runs, seed } from "./break-files";
import { seedsOf } from "./fuzz-seeds";
import { gather, readAll } from "./read-all";

/** Unpacking costs a hundred times what parsing does. */
const runsOf = (id: string) => (id === "excel" ? Math.ceil(runs / 5) : runs);

async function tryReader(reader: TextReader, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const file = new Blob([bytes]);
  try {
    const { columns, rows, guessedText, guessedGiven, guessedFile } = await reader.preview(file);
    expect(new Set(columns).size).toBe(columns.length);
    expect(rows.length).toBeLessThanOrEqual(20);
    for (const row of rows) expect(row).toHaveLength(columns.length);
    if (columns.length > 0) expect(columns).toContain(guessedText);
    for (const guess of [guessedGiven, guessedFile]) if (guess !== null) expect(columns).toContain(guess);
    await tryReading(reader, file, guessedGiven);
  } catch (error) {
    if (error instanceof Error && error.name === "AssertionError") throw error;
    expectSentence(error);
  }
}

async function tryReading(reader: TextReader, file: Blob, givenColumn: string | null): Promise<void> {
  let last = 0;
  for await (const batch of reader.read(file, { textColumn: null, givenColumn }, null)) {
    expect(batch.rows.length).toBeLessThanOrEqual(rowsPerBatch);
    for (const row of batch.rows) {
      expect(row.text.trim()).not.toBe("");
      expect(row.text.length).toBeLessThanOrEqual(maxTextCharacters);
      expect(row.given).not.toBe("");
      expect(row.place).toMatch(/^(row|line|image) \d+$|^label of /);
      for (const { classes, at, annotator } of row.answers ?? []) {
        expect(classes).not.toContain("");
        expect(at === null || Number.isInteger(at)).toBe(true);
        expect(annotator).not.toBe("");
      }
    }
    for (const problem of batch.problems) expect(problem.message).toMatch(/^[A-Z0-9].*\.$/s);
    expect(batch.bytesRead).toBeGreaterThanOrEqual(last);
    last = batch.bytesRead;
  }
  expect(last).toBe(file.size);
}

describe.each([...readers.values()])("$id", (reader) => {
  it("survives broken files, and reads sound ones", async () => {
    const sound = await seedsOf(reader.id);
    expect(sound.length).toBeGreaterThan(0);
    for (const one of sound) {
      const { guessedGiven } = await reader.preview(new Blob([one]));
      expect((await readAll(reader, one, { givenColumn: guessedGiven })).rows.length).toBeGreaterThan(0);
    }
    const property = fc.asyncProperty(fc.nat(sound.length - 1), edits, (place, made) =>
      tryReader(reader, broken(sound[place]!, made)),
    );
    await fc.assert(property, { seed, numRuns: runsOf(reader.id) });
  }, 600_000);
});

it.each([
  [
    "jsonl",
    "\n",
    ["{", '{"text":', "[1]", "7", '{"text":""}', '{"text":[{}]}'],
    (bad: string, at: number) => [bad, `line ${at}`],
  ],
  [
    "json",
    ",",
    ["7", "[1]", "null", '{"text":""}', '{"text":[{}]}', '{"a":tru}'],
    (bad: string, at: number) => [bad, `row ${at}`],
  ],
] as const)(
  "%s names every bad row with its place, and the others go in",
  async (id, between, bad, placeOf) => {
    const line = fc.oneof(fc.constant(null), fc.constantFrom(...bad));
    const property = fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 40 }), async (lines) => {
      const texts = [
        '{"text":"first text of all"}',
        ...lines.map((one, at) => one ?? `{"text":"text ${at}"}`),
      ];
      const content = id === "json" ? `[${texts.join(between)}]` : texts.join(between);
      const { rows, problems } = await readAll(readers.get(id)!, content, { textColumn: "text" });
      expect(rows).toHaveLength(texts.length - lines.filter((one) => one !== null).length);
      expect(problems.map(({ place }) => place)).toEqual(
        lines.flatMap((one, at) => (one === null ? [] : [placeOf(one, at + 2)[1]!])),
      );
    });
    await fc.assert(property, { seed, numRuns: Math.min(runs, 500) });
  },
  120_000,
);

/** A file whose bytes are made as they are asked for, so that it may be larger than memory. */
function virtualFile(
  head: string,
  item: string,
  tail: string,
  sizeBytes: number,
): { file: Blob; items: number } {
  const encoder = new TextEncoder();
  const count = Math.ceil(sizeBytes / item.length);
  const size = head.length + count * item.length + tail.length;
  const block = encoder.encode(item.repeat(Math.ceil(600_000 / item.length) + 1));
  const slice = (from = 0, to = size): Blob => {
    const end = Math.min(to, size);
    const bytes = new Uint8Array(Math.max(0, end - from));
    const inItems = Math.max(0, from - head.length);
    bytes.set(block.subarray(inItems % item.length, (inItems % item.length) + bytes.length));
    if (from < head.length) {
      bytes.set(
        block.subarray(0, Math.max(0, bytes.length - (head.length - from))),
        Math.min(bytes.length, head.length - from),
      );
      bytes.set(encoder.encode(head).subarray(from, end));
    }
    const tailFrom = size - tail.length;
    if (end > tailFrom)
      bytes.set(
        encoder.encode(tail).subarray(Math.max(0, from - tailFrom), end - tailFrom),
        Math.max(0, tailFrom - from),
      );
    return new Blob([bytes]);
  };
  return { file: { size, slice } as unknown as Blob, items: count };
}

it("reads JSON on one line, however long, without holding it", async () => {
  const megabytes = runs > 1000 ? 500 : 24;
  const item = `{"text":"${"words ".repeat(30)}","label":"a"},`;
  const { file, items } = virtualFile("[", item, '{"text":"last","label":"b"}]', megabytes * 1024 * 1024);
  let rows = 0;
  let largest = 0;
  for await (const batch of readers
    .get("json")!
    .read(file, { textColumn: "text", givenColumn: "label" }, null)) {
    rows += batch.rows.length;
    largest = Math.max(largest, process.memoryUsage().heapUsed);
    expect(batch.problems).toEqual([]);
  }
  expect(rows).toBe(items + 1);
  if (runs > 1000)
    console.log(
      `${megabytes} MB of JSON on one line: ${rows} rows, heap at most ${Math.round(largest / 1048576)} MB`,
    );
}, 600_000);

it("survives broken archives", async () => {
  const records = ["a", "b", "c"].map((name) => record({ name, text: name.repeat(2000) }));
  const whole = new Uint8Array(await (await gather(exporter.write(sourceOf(records), null))).arrayBuffer());
  const random = createRandom(seed);
  let opened = 0;
  const files = Math.ceil(runs / 2);
  for (let file = 0; file < files; file++) {
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
  expect(opened).toBeGreaterThan(files / 10);
}, 600_000);
