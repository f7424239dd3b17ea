// Importing a table of texts into real storage, with the labels that came along.

import { beforeEach, expect, test } from "vitest";
import type { AnswerEvent } from "../../../src/core/event";
import type { ClassId, EventId } from "../../../src/core/ids";
import { openDatabase, type Database } from "../../../src/storage/database";
import { loadEvents } from "../../../src/storage/event-store";
import { loadContent, loadItems } from "../../../src/storage/item-store";
import type { GivenLabels } from "../../../src/formats/given-events";
import type { ImportProgress } from "../../../workers/api";
import { createImporter } from "../../../workers/importer";
import { makeProject, openEmptied, projectId } from "../stored";

const project = projectId();
const choice = { textColumn: "text", givenColumn: "kind" };
let database: Database;
beforeEach(async () => void (database = await openEmptied(makeProject("text"))));

const labels = (holdOutShare = 0.3, seed = 7): GivenLabels => ({
  classIds: { cat: "c1" as ClassId, dog: "c2" as ClassId, "cat|house": "c3" as ClassId },
  annotator: "Ada",
  step: "STEP" as EventId,
  holdOutShare,
  noneIsAnswer: false,
  seed,
});

const table = (...lines: string[]) => new File([["text,kind", ...lines].join("\n")], "pets.csv");
const long = (rows: number) => table(...Array.from({ length: rows }, (_, row) => `text ${row},cat`));

async function importTable(file: File, given: GivenLabels | null, importer = createImporter()) {
  const reports: (ImportProgress & { readonly bytesRead: number })[] = [];
  await importer.importTable(
    { projectId: project, file, choice, labels: given },
    (one) => void reports.push(one),
  );
  const items = await loadItems(database, project, 0, 100_000);
  const events = (await loadEvents(database, project)) as AnswerEvent[];
  return { reports, items, events };
}

test("rows become items, and given classes become labels that are stored with them", async () => {
  const file = table(
    "meow,cat",
    "woof,dog",
    "tweet,bird",
    "both,cat|dog",
    "named,cat|house",
    "bare,",
    ",cat",
    "meow,dog",
  );
  const { reports, items, events } = await importTable(file, labels(0));
  expect(reports).toHaveLength(1);
  expect(reports[0]).toMatchObject({
    added: 6,
    labels: 4,
    duplicates: [{ path: "pets.csv, row 8", of: "pets.csv, row 1" }],
    problems: [{ place: "row 7", message: expect.stringMatching(/^Row 7 has no text; it was left out\./) }],
    bytesRead: file.size,
  });
  expect(items.map(({ row, name, path, given, type }) => [row, name, path, given, type])).toEqual([
    [0, "row 1", "pets.csv, row 1", "cat", "text/plain"],
    [1, "row 2", "pets.csv, row 2", "dog", "text/plain"],
    [2, "row 3", "pets.csv, row 3", "bird", "text/plain"],
    [3, "row 4", "pets.csv, row 4", "cat|dog", "text/plain"],
    [4, "row 5", "pets.csv, row 5", "cat|house", "text/plain"],
    [5, "row 6", "pets.csv, row 6", null, "text/plain"],
  ]);
  const content = await loadContent(database, project, items[1]!.itemId);
  expect(new TextDecoder().decode(content!.bytes)).toBe("woof");
  const rowOf = new Map(items.map(({ itemId, row }) => [itemId, row]));
  const answers = events.map(({ itemId, answer }) => [rowOf.get(itemId), answer]);
  const classes = (...classIds: string[]) => ({ type: "classes", classIds });
  expect(answers).toEqual([
    [0, classes("c1")],
    [1, classes("c2")],
    [3, classes("c1", "c2")],
    [4, classes("c3")],
  ]);
  expect(events[0]).toMatchObject({
    type: "answer",
    step: "STEP",
    annotator: "Ada",
    origin: "import",
    slice: "train",
    shown: null,
    tookMs: 0,
  });
});

test("given classes are only labels if the person says so", async () => {
  const { reports, items, events } = await importTable(table("meow,cat"), null);
  expect(reports[0]!.labels).toBe(0);
  expect(items[0]!.given).toBe("cat");
  expect(events).toEqual([]);
});

test("about the share asked for goes to the hold-out, the same items each time, others with another seed", async () => {
  async function heldOut(given: GivenLabels) {
    database = await openEmptied(makeProject("text"));
    const { items, events } = await importTable(long(1000), given);
    expect([items.length, events.length]).toEqual([1000, 1000]);
    return events.filter(({ slice }) => slice === "hold-out").map(({ itemId }) => itemId);
  }
  const first = await heldOut(labels());
  // 300 expected, standard deviation 14.5: six of them on either side.
  expect(first.length).toBeGreaterThan(213);
  expect(first.length).toBeLessThan(387);
  expect(await heldOut(labels())).toEqual(first);
  const other = await heldOut(labels(0.3, 8));
  const common = other.filter((itemId) => first.includes(itemId)).length;
  // Two independent draws share 90, standard deviation about 9.
  expect(common).toBeLessThan(150);
  expect(await heldOut(labels(0))).toEqual([]);
  expect(await heldOut(labels(1))).toHaveLength(1000);
});

test("stopped in the middle, it keeps what it has stored and goes no further", async () => {
  const importer = createImporter();
  const reports: ImportProgress[] = [];
  const running = importer.importTable(
    { projectId: project, file: long(3000), choice, labels: null },
    (one) => {
      reports.push(one);
      if (reports.length === 2) importer.stop();
    },
  );
  await expect(running).rejects.toMatchObject({ name: "AbortError" });
  const items = await loadItems(database, project, 0, 100_000);
  expect(reports).toHaveLength(2);
  expect(items).toHaveLength(reports.reduce((sum, { added }) => sum + added, 0));
  expect(items.length).toBeLessThan(3000);
  // Again from the start: what is there already is skipped.
  const { reports: again, items: all } = await importTable(long(3000), null, importer);
  expect(all).toHaveLength(3000);
  expect(again.reduce((sum, { duplicates }) => sum + duplicates.length, 0)).toBe(items.length);
});

test("a table is looked at and counted without storing anything", async () => {
  const importer = createImporter();
  const file = table("meow,cat", "purr,cat", "woof,dog", "tweet,");
  const { format, preview } = await importer.previewTable(file);
  expect(format).toBe("CSV table");
  expect(preview).toMatchObject({ columns: ["text", "kind"], guessedText: "text", hasHeader: true });
  expect(await importer.surveyTable(file, choice)).toEqual({
    rows: 4,
    given: [
      { name: "cat", count: 2 },
      { name: "dog", count: 1 },
    ],
    tooMany: false,
  });
  const varied = table(...Array.from({ length: 501 }, (_, row) => `text ${row},kind ${row}`));
  expect(await importer.surveyTable(varied, choice)).toMatchObject({ tooMany: true });
  expect(await loadItems(database, project, 0, 10)).toEqual([]);
});

test("a file that is no table is refused by name", async () => {
  await expect(createImporter().previewTable(new File(["x"], "notes.docx"))).rejects.toThrow(
    "notes.docx is not a table or list of texts that can be read here",
  );
});

test("an importer outlives its database being closed under it", async () => {
  const importer = createImporter();
  await importTable(table("meow,cat"), null, importer);
  // Emptying makes every connection give way, the importer's too.
  database = await openEmptied(makeProject("text"));
  const { items } = await importTable(table("woof,dog"), null, importer);
  expect(items).toHaveLength(1);
  (await openDatabase()).close();
});
