// The table as Parquet, read by hyparquet alone.

import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { expect, it } from "vitest";
import { Stopped } from "../../../src/core/errors";
import { exporter } from "../../../src/formats/exporters/labels-parquet";
import { awkwardTexts, record, sourceOf } from "../export-source";
import { gather } from "../read-all";

it("writes typed columns and keeps every text", async () => {
  const opinion = {
    guess: "no",
    probability: 0.5,
    uncertainty: 0.25,
    labelProbability: 0.125,
    suspect: true,
  };
  const records = [
    ...awkwardTexts.map((text) => record({ text, opinion })),
    record({ status: "unlabelled", classes: [], at: null, round: null, slice: null }),
  ];
  const bytes = await (await gather(exporter.write(sourceOf(records), null))).arrayBuffer();
  // Its own decoder drops a mark at the beginning of a text.
  const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  const rows = await parquetReadObjects({
    file: bytes,
    parsers: { stringFromBytes: (text: Uint8Array) => utf8.decode(text) },
  });
  expect(rows.map(({ text }) => text as unknown)).toEqual(records.map(({ text }) => text));
  expect(rows[0]).toMatchObject({
    label: "yes",
    round: 2,
    confidence: 0.875,
    uncertainty: 0.25,
    label_score: 0.125,
    is_label_issue: true,
    annotator: "Ada",
    labelled_at: "2025-01-02T03:04:05.000Z",
  });
  expect(rows.at(-1)).toMatchObject({ status: "unlabelled", label: "" });
  expect(rows.at(-1)!["round"] ?? null).toBeNull();
});

it("streams row groups, also none, and stops", async () => {
  const many = Array.from({ length: 12_000 }, () => record());
  let pieces = 0;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of exporter.write(sourceOf(many), null)) {
    parts.push(piece);
    pieces++;
  }
  const whole = await new Blob(parts).arrayBuffer();
  expect(pieces).toBe(4);
  expect(parquetMetadata(whole).row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([
    5000, 5000, 2000,
  ]);
  expect(
    await parquetReadObjects({
      file: await (await gather(exporter.write(sourceOf([]), null))).arrayBuffer(),
    }),
  ).toEqual([]);
  await expect(gather(exporter.write(sourceOf(many), { aborted: true }))).rejects.toBeInstanceOf(Stopped);
});
