// Importing the entries of a zip archive into real storage.

import { beforeEach, expect, test } from "vitest";
import { zipStream, type NewEntry } from "../../../src/formats/zip-stream";
import type { Database } from "../../../src/storage/database";
import { loadItems } from "../../../src/storage/item-store";
import { createImporter } from "../../../workers/importer";
import { makeProject, openEmptied, projectId } from "../stored";
import { draw, stored } from "./pictures";

const project = projectId();
let database: Database;
beforeEach(async () => void (database = await openEmptied(makeProject("image"))));

async function zip(...entries: NewEntry[]): Promise<File> {
  async function* all() {
    yield* entries;
  }
  const parts: BlobPart[] = [];
  for await (const part of zipStream(all(), 0, null)) parts.push(part);
  return new File(parts, "photos.zip");
}

test("entries go in by the number the listing gave them, and a damaged one is named", async () => {
  const archive = await zip(
    { path: "cats/a.png", content: await draw("image/png", 30, 20, 1) },
    { path: "__MACOSX/cats/._a.png", content: "litter" },
    { path: "dogs/b.jpg", content: await draw("image/jpeg", 20, 30, 2), stored: true },
    { path: "dogs/broken.png", content: stored("png").slice(0, 40) },
    { path: "readme.txt", content: "Words." },
  );
  const importer = createImporter();
  const listing = await importer.listArchive(archive);
  expect(listing.problems).toEqual([]);
  expect(listing.entries.map(({ path }) => path)).toEqual([
    "cats/a.png",
    "dogs/b.jpg",
    "dogs/broken.png",
    "readme.txt",
  ]);
  await importer.openArchive("one", archive);
  const progress = await importer.importImages({
    projectId: project,
    // Backwards, so that a place in the list cannot pass for the number.
    sources: listing.entries
      .filter(({ path }) => /\.(png|jpg)$/.test(path))
      .map(({ entry, path }) => ({ path: `photos.zip/${path}`, given: null, archiveId: "one", entry }))
      .reverse(),
    labels: null,
  });
  expect(progress).toMatchObject({ added: 2, duplicates: [] });
  expect(progress.problems).toHaveLength(1);
  expect(progress.problems[0]!.place).toBe("photos.zip/dogs/broken.png");
  expect(progress.problems[0]!.message).toMatch(/^photos\.zip\/dogs\/broken\.png .*left out/);
  const items = await loadItems(database, project, 0, 10);
  expect(items.map(({ path, name, width, height }) => [path, name, width, height])).toEqual([
    ["photos.zip/dogs/b.jpg", "b.jpg", 20, 30],
    ["photos.zip/cats/a.png", "a.png", 30, 20],
  ]);
});

test("an entry of an archive that was not opened here is one problem", async () => {
  const importer = createImporter();
  const sources = [{ path: "photos.zip/a.png", given: null, archiveId: "nobody", entry: 0 }];
  const { added, problems } = await importer.importImages({ projectId: project, sources, labels: null });
  expect(added).toBe(0);
  expect(problems[0]!.message).toBe(
    "photos.zip/a.png is not in the archive any more; drop the archive again.",
  );
});

test("what is no archive is refused with a sentence", async () => {
  const file = new File(["not a zip"], "photos.zip");
  await expect(createImporter().listArchive(file)).rejects.toThrow(
    "The file is not a zip archive, or it is damaged.",
  );
});
