// Files that are one text each, into real storage: whole, in whatever encoding, with the class of their folder; what
// cannot be a text is named.

import { beforeEach, expect, test } from "vitest";
import type { ClassId, EventId } from "../../../src/core/ids";
import type { Database } from "../../../src/storage/database";
import { loadEvents } from "../../../src/storage/event-store";
import { loadContent, loadItems } from "../../../src/storage/item-store";
import { createImporter } from "../../../workers/importer";
import { makeProject, openEmptied, projectId } from "../stored";

const project = projectId();
let database: Database;
beforeEach(async () => void (database = await openEmptied(makeProject("text"))));

test("texts go in whole, and what is no text is named with its place", async () => {
  const utf16 = new Uint8Array(Uint16Array.from("\uFEFFžluťoučký kůň", (one) => one.charCodeAt(0)).buffer);
  const files: [path: string, content: BlobPart, given: string | null][] = [
    ["set/a/1.txt", "first line\nsecond, 漢字\n", "good"],
    ["set/b/2.txt", utf16, "bad"],
    ["set/b/again.txt", "first line\nsecond, 漢字\n", "bad"],
    ["set/b/empty.txt", " \n", "bad"],
    ["set/b/noise.txt", new Uint8Array(2000).map((_, at) => (at * 7) % 32), "bad"],
    ["set/b/long.txt", "word ".repeat(400_000), "bad"],
  ];
  const sources = files.map(([path, content, given]) => ({ path, given, file: new File([content], path) }));
  const labels = {
    classIds: { good: "g" as ClassId, bad: "b" as ClassId },
    annotator: "Ada",
    step: "0001" as EventId,
    holdOutShare: 0,
    seed: 1,
    noneIsAnswer: false,
  };
  const { added, duplicates, problems } = await createImporter().importDocuments({
    projectId: project,
    sources,
    labels,
  });
  expect(added).toBe(2);
  expect(duplicates).toMatchObject([{ path: "set/b/again.txt", of: "set/a/1.txt" }]);
  expect(problems.map(({ message }) => message)).toEqual([
    "set/b/empty.txt has no text; it was left out.",
    expect.stringMatching(/^set\/b\/noise\.txt was left out\. The file holds bytes that no text has/),
    expect.stringMatching(/^set\/b\/long\.txt holds a text of 2,000,000 characters, more than/),
  ]);
  const items = await loadItems(database, project, 0, 10);
  expect(items.map(({ name, path, kind, given }) => [name, path, kind, given])).toEqual([
    ["1.txt", "set/a/1.txt", "text", "good"],
    ["2.txt", "set/b/2.txt", "text", "bad"],
  ]);
  const texts = await Promise.all(
    items.map(async ({ itemId }) =>
      new TextDecoder().decode((await loadContent(database, project, itemId))!.bytes),
    ),
  );
  expect(texts).toEqual(["first line\nsecond, 漢字\n", "žluťoučký kůň"]);
  const events = await loadEvents(database, project);
  expect(events.map((event) => event.type === "answer" && event.answer)).toEqual([
    { type: "classes", classIds: ["g"] },
    { type: "classes", classIds: ["b"] },
  ]);
});
