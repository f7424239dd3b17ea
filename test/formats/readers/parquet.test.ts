// Parquet tables written by an independent writer, with the compressions and types datasets use.

import { parquetWriteBuffer } from "hyparquet-writer";
import { expect, it } from "vitest";
import { reader } from "../../../src/formats/readers/parquet";
import { messages, readAll } from "../read-all";

const count = 2500;
const columnData = [
  {
    name: "text",
    data: Array.from({ length: count }, (_, at) => `text number ${at}, long enough`),
    type: "STRING" as const,
  },
  { name: "label", data: Array.from({ length: count }, (_, at) => BigInt(at % 2)), type: "INT64" as const },
];
const named = [
  { key: "huggingface", value: JSON.stringify({ info: { features: { label: { names: ["neg", "pos"] } } } }) },
];
const whole = parquetWriteBuffer({ columnData, rowGroupSize: 1000, kvMetadata: named });

it("shows the columns and reads every row group", async () => {
  expect(await reader.preview(new Blob([whole]))).toMatchObject({
    columns: ["text", "label"],
    guessedText: "text",
    guessedGiven: "label",
  });
  const { rows, problems, bytesRead } = await readAll(reader, whole, { givenColumn: "label" });
  expect(problems).toEqual([]);
  expect(rows).toHaveLength(count);
  expect(rows[1]).toEqual({ text: "text number 1, long enough", given: "pos", place: "row 2" });
  expect(rows[2400]!.place).toBe("row 2401");
  expect(bytesRead.at(-1)).toBe(whole.byteLength);
});

it("names rows without a text, and a group that is damaged; the others go in", async () => {
  const bytes = new Uint8Array(whole.slice(0));
  // Pages of the first group stand right behind the four bytes that every file begins with.
  bytes.fill(0xff, 4, 60);
  const { rows, problems } = await readAll(reader, bytes, { textColumn: "text" });
  expect(rows).toHaveLength(1500);
  expect(messages(problems)).toEqual([
    expect.stringMatching(/^Row group 1 \(rows 1 to 1000\) is damaged; it was left out\.$/),
  ]);
});

it("says which compression it does not know", async () => {
  const lzo = parquetWriteBuffer({ columnData, codec: "LZO", compressors: { LZO: (input) => input } });
  const { rows, problems } = await readAll(reader, lzo, { textColumn: "text" });
  expect(rows).toEqual([]);
  expect(messages(problems)[0]).toMatch(/packed with LZO.*save it with Snappy, gzip or zstd/);
});

it("refuses what is no Parquet", async () => {
  await expect(readAll(reader, "PAR1 nothing PAR1")).rejects.toThrow(/no Parquet file, or it is cut off/);
  await expect(readAll(reader, whole.slice(0, 5000))).rejects.toThrow(/cut off/);
});
