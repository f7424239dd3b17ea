// Which reader a file gets, and what every reader must keep to.

import { describe, expect, it } from "vitest";
import { readerFor, readers } from "../../src/formats/reader-registry";
import { messages, readAll } from "./read-all";

const bytes = (text: string) => new TextEncoder().encode(text);

it.each([
  ["a.csv", "", "csv"],
  ["A.CSV", "", "csv"],
  ["a.b.tsv", "", "tsv"],
  ["notes.txt", "", "txt"],
  ["x.jsonl", "", "jsonl"],
  ["x.ndjson", "", "jsonl"],
  ["x.json", ' \uFEFF{"text": 1}', "jsonl"],
  ["x.json", "\n[1]", "json"],
])("reads %s that begins with %j as %s", (name, start, id) => {
  expect(readerFor(name, bytes(start))?.id).toBe(id);
});

it("claims nothing else", () => {
  expect(readerFor("photo.jpg", bytes("text"))).toBeNull();
  expect(readerFor("csv", bytes("text"))).toBeNull();
});

describe.each([...readers.values()])("$id", (reader) => {
  it("describes itself", () => {
    expect(reader.label).not.toBe("");
    for (const extension of reader.extensions) expect(extension).toMatch(/^\.[a-z]+$/);
  });

  it("takes an empty file calmly", async () => {
    const { rows, problems, bytesRead } = await readAll(reader, "");
    expect(rows).toEqual([]);
    expect(messages(problems)).toHaveLength(1);
    expect(bytesRead).toEqual([0]);
    expect((await reader.preview(new Blob([]))).columns).toEqual([]);
  });

  it("says when the file cannot be reached any more", async () => {
    const gone = new Blob(["x"]);
    gone.slice = () =>
      ({ arrayBuffer: () => Promise.reject(new DOMException("gone", "NotReadableError")) }) as Blob;
    const run = reader.read(gone, { textColumn: null, givenColumn: null }, null);
    await expect(run[Symbol.asyncIterator]().next()).rejects.toThrow(/could not be read.*Choose it again/);
  });
});
