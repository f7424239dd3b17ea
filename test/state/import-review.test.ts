// What is found in files given for import, with the real readers and the real zip, before anything is stored.

import { expect, it } from "vitest";
import type { ItemId } from "../../src/core/ids";
import type { ItemKind } from "../../src/core/project";
import type { Importer } from "../../src/engine/importer";
import { zipStream, type NewEntry } from "../../src/formats/zip-stream";
import { commonFolder } from "../../src/formats/given-from-path";
import { planImport, sharedFolder } from "../../src/state/import-plan";
import { prepareReview, relabelled, type Review } from "../../src/state/import-review";
import type { StoredPaths } from "../../src/state/stored-labels";
import { createImporter } from "../../workers/importer";
import { gather } from "../formats/read-all";

const worker = createImporter();
/** Only what looking needs; storing would want a browser. */
const importer = {
  previewTable: (file, hasHeader) => worker.previewTable(file, hasHeader),
  listArchive: (file) => worker.listArchive(file),
  extractEntry: (archive, entry) => worker.extractEntry(archive, entry),
  readRows: (file, choice, report) => worker.readRows(file, choice, report),
} as Pick<Importer, "previewTable" | "listArchive" | "extractEntry" | "readRows"> as Importer;
const signal = new AbortController().signal;
const none: StoredPaths = { paths: [], itemIds: [] };

async function look(
  kind: ItemKind,
  files: Record<string, BlobPart>,
  stored: StoredPaths = none,
): Promise<Review> {
  const given = Object.entries(files).map(([path, content]) => ({
    path,
    file: new File([content], path.slice(path.lastIndexOf("/") + 1)),
  }));
  const plan = await planImport(kind, { files: given, unopened: [] });
  return prepareReview(kind, plan, importer, async () => stored, signal);
}

async function zip(files: Record<string, string>): Promise<Blob> {
  async function* entries(): AsyncGenerator<NewEntry> {
    for (const [path, content] of Object.entries(files)) yield { path, content };
  }
  return gather(zipStream(entries(), Date.UTC(2024, 0, 2), null));
}

const named = ({ sources }: Review) => sources.map(({ path, given }) => [path, given]);

it("takes folders for classes, and split folders for splits", async () => {
  const review = await look("image", {
    "set/train/cat/1.jpg": "",
    "set/test/dog/2.jpg": "",
    "set/3.jpg": "",
  });
  expect(named(review)).toEqual([
    ["set/train/cat/1.jpg", "cat"],
    ["set/test/dog/2.jpg", "dog"],
    ["set/3.jpg", null],
  ]);
  expect(review.sources.map(({ answers }) => answers?.[0]?.slice ?? null)).toEqual([
    "train",
    "hold-out",
    null,
  ]);
  expect(review.given).toEqual([
    { name: "cat", count: 1 },
    { name: "dog", count: 1 },
  ]);
  expect(review.labelling).toBeNull();
});

it("lets a table beside the images go before their folders, and says what it cannot place", async () => {
  const review = await look("image", {
    "set/images/a.jpg": "",
    "set/images/b.jpg": "",
    "set/metadata.csv": "file_name,label,mood\nimages/a.jpg,cat,calm\nimages/gone.jpg,dog,wild\n",
  });
  expect(named(review)).toEqual([
    ["set/images/a.jpg", "cat"],
    ["set/images/b.jpg", null],
  ]);
  expect(review.labelling).toMatchObject({ rows: 2, stored: null });
  expect(review.plan.problems.map(({ message }) => message)).toEqual([
    "set/metadata.csv: row 2 names images/gone.jpg, which is not among the images.",
  ]);
  const tables = review.labelling!.tables.map((table) => ({ ...table, givenColumn: "mood" }));
  const other = await relabelled(review, tables, importer, signal);
  expect(named(other)).toEqual([
    ["set/images/a.jpg", "calm"],
    ["set/images/b.jpg", null],
  ]);
  expect(other.plan.problems).toHaveLength(1);
});

it("finds tables inside an archive, and splits and several files among their own", async () => {
  const archive = await zip({
    "train/1.jpg": "x",
    "test/1.jpg": "y",
    "train/metadata.jsonl": '{"file_name":"1.jpg","label":"cat","split":"train"}\n',
    "test/metadata.jsonl": '{"file_name":"1.jpg","label":"dog","split":"test"}\n',
  });
  const review = await look("image", { "set.zip": archive });
  expect(named(review)).toEqual([
    ["set.zip/train/1.jpg", "cat"],
    ["set.zip/test/1.jpg", "dog"],
  ]);
  expect(review.sources.map(({ answers }) => answers?.[0]?.slice)).toEqual(["train", "hold-out"]);
});

it("labels items that are here where a table comes alone, and refuses one that names no images", async () => {
  const stored = { paths: ["photos/0.png", "photos/3.png"], itemIds: ["a" as ItemId, "b" as ItemId] };
  const labels = JSON.stringify({ classes: ["nut", "bolt"], labels: { 0: 1, 9: 0 } });
  const review = await look("image", { "labels.json": labels }, stored);
  expect(review.sources).toEqual([]);
  expect([...review.labelling!.labels]).toMatchObject([[0, { given: "bolt" }]]);
  expect(review.given).toEqual([{ name: "bolt", count: 1 }]);
  await expect(look("image", { "notes.csv": "text,label\nwords and words,a\n" })).rejects.toThrow(
    "notes.csv holds text that names no image files, and this project is about images; it was left out.",
  );
});

it("takes text files in folders for a text each, loose and from an archive, unless a table holds them", async () => {
  const files = { "set/train/a/1.txt": "one\ntext", "set/train/b/2.txt": "another", "set/3.txt": "a third" };
  const loose = await look("text", files);
  expect(loose.table).toBeNull();
  expect(named(loose)).toEqual([
    ["set/train/a/1.txt", "a"],
    ["set/train/b/2.txt", "b"],
    ["set/3.txt", null],
  ]);
  expect(loose.given.map(({ name }) => name)).toEqual(["a", "b"]);
  const packed = await look("text", { "set.zip": await zip(files) });
  expect(packed.table).toBeNull();
  expect(named(packed).map(([path]) => path)).toEqual(Object.keys(files).map((path) => `set.zip/${path}`));
  const beside = await look("text", { ...files, "set/all.csv": "text,label\none,a\n" });
  expect(beside.table).not.toBeNull();
  expect(beside.sources).toEqual([]);
  const lists = await look("text", { "set/a.txt": "one\ntwo\n", "set/b.txt": "three\n" });
  expect(lists.table).toMatchObject({ file: { name: "a.txt" }, more: [{ name: "b.txt" }] });
});

it("reads texts from an archive, tables of the same columns together, and leaves the others for later", async () => {
  const archive = await zip({
    "train.csv": "text,label\nfirst text of all,a\n",
    "test.csv": "text,label\nanother text here,b\n",
    "other.csv": "body;score\nwords,1\n",
    "a/one.txt": "first text of all",
  });
  const review = await look("text", { "set.zip": archive });
  expect(review.table).toMatchObject({
    format: "CSV table",
    file: { name: "train.csv" },
    more: [{ name: "test.csv" }],
  });
  expect(review.plan.problems.map(({ place }) => place)).toEqual(["set.zip/other.csv"]);
});

it("says what is wrong where nothing can be used", async () => {
  await expect(look("image", {})).rejects.toThrow(/There were no files in it/);
  await expect(look("text", { "a.docx": "x" })).rejects.toThrow(/not a table or list of texts/);
  await expect(look("image", { "b.zip": "no zip" })).rejects.toThrow(/b\.zip could not be opened/);
});

it.each([
  [],
  ["1.jpg"],
  ["set/1.jpg"],
  ["set/cat/1.jpg", "set/cat/2.jpg"],
  ["set/cat/1.jpg", "set/cats/2.jpg"],
  ["set/cat/1.jpg", "set/2.jpg", "set/cat/3.jpg"],
  ["a/b/c/1.jpg", "a/b/2.jpg", "a/3.jpg", "a/b/c/4.jpg"],
  ["a/1.jpg", "b/1.jpg", "a/2.jpg"],
  ["a/1.jpg", "2.jpg"],
])("finds the folder shared by %s as if all were looked at together", async (...paths: string[]) => {
  expect(await sharedFolder(paths.map((path) => ({ path })))).toBe(commonFolder(paths));
});
