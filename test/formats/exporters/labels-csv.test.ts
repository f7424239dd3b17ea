// The CSV of labels, read back by our own reader and by Papa Parse alone.

import Papa from "papaparse";
import { expect, it } from "vitest";
import { Stopped } from "../../../src/core/errors";
import { splitClasses } from "../../../src/formats/class-list";
import { exporter } from "../../../src/formats/exporters/labels-csv";
import { reader } from "../../../src/formats/readers/csv";
import { awkwardTexts, record, sourceOf } from "../export-source";
import { gather, readAll } from "../read-all";

const written = (records: Parameters<typeof sourceOf>[0]) => gather(exporter.write(sourceOf(records), null));

it("reads back every text and label, whatever is in them", async () => {
  const records = awkwardTexts.flatMap((text) => [
    record({ text, classes: ["a|b", "=c", "d\\"] }),
    record({ text: `${text}!`, classes: [text.trim() || "x"] }),
  ]);
  const file = await written(records);
  expect(await reader.preview(file)).toMatchObject({
    guessedText: "text",
    guessedGiven: "label",
    hasHeader: true,
  });
  const { rows, problems } = await readAll(reader, file, { givenColumn: "label" });
  expect(problems).toEqual([]);
  expect(rows.map(({ text }) => text)).toEqual(records.map(({ text }) => text));
  expect(rows.map(({ given }) => splitClasses(given!))).toEqual(
    records.map(({ classes }) => classes.map((name) => name.trim())),
  );
});

it("is RFC 4180 with a mark, and holds every field", async () => {
  const file = await written([
    record({ text: "a", itemId: "ab" as never }),
    record({ status: "skipped", classes: [], at: null, round: null }),
  ]);
  const bytes = new Uint8Array(await file.arrayBuffer());
  expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  const text = await file.text();
  expect(text.endsWith("\r\n")).toBe(true);
  expect(text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  const { data, errors } = Papa.parse<Record<string, string>>(text.replace("\uFEFF", ""), {
    header: true,
    skipEmptyLines: true,
  });
  expect(errors).toEqual([]);
  expect(data[0]).toEqual({
    askwell_item: "ab",
    name: expect.stringMatching(/^line /),
    path: "tickets.csv",
    kind: "text",
    text: "a",
    label: "yes",
    status: "labelled",
    slice: "train",
    origin: "person",
    annotator: "Ada",
    labelled_at: "2025-01-02T03:04:05.000Z",
    round: "2",
    took_ms: "1500",
    given: "",
    guess: "yes",
    confidence: "0.875",
    predicted_label: "",
    predicted_probability: "",
    uncertainty: "",
    label_score: "",
    is_label_issue: "",
  });
  expect(data[1]).toMatchObject({ status: "skipped", label: "", labelled_at: "", round: "" });
});

it("lets no cell begin like a formula", async () => {
  const file = await written(
    awkwardTexts.map((text) => record({ text, name: text, annotator: text, classes: [text] })),
  );
  const { data } = Papa.parse<string[]>((await file.text()).replace("\uFEFF", ""), { skipEmptyLines: true });
  for (const cell of data.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
});

it("takes apostrophes off in our own tables only", async () => {
  const foreign = await readAll(reader, "text,label\n'=1+1,a\n");
  expect(foreign.rows[0]!.text).toBe("'=1+1");
  const ours = await readAll(reader, "askwell_item,text,label\n1,'=1+1,a\n");
  expect(ours.rows[0]!.text).toBe("=1+1");
});

it("writes a header also for no items, streams many, and stops", async () => {
  expect(await (await written([])).text()).toMatch(/^\uFEFF?askwell_item,.*\r\n$/);
  const many = Array.from({ length: 2000 }, () => record());
  let pieces = 0;
  for await (const piece of exporter.write(sourceOf(many), null)) pieces += Math.min(1, piece.length);
  expect(pieces).toBeGreaterThan(3);
  await expect(gather(exporter.write(sourceOf(many), { aborted: true }))).rejects.toBeInstanceOf(Stopped);
});
