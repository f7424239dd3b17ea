// Importing images into real storage: what goes in, with which size and thumbnail, and what is left out with
// which sentence.

import { beforeEach, expect, test } from "vitest";
import type { ImageSource } from "../../../workers/api";
import { createImporter } from "../../../workers/importer";
import type { Database } from "../../../src/storage/database";
import { loadContent, loadItems, loadThumbnail } from "../../../src/storage/item-store";
import { makeProject, openEmptied, projectId } from "../stored";
import { draw, fileOf, hugePng, stored, turned } from "./pictures";

const project = projectId();
let database: Database;
beforeEach(async () => void (database = await openEmptied(makeProject("image"))));

const source = (path: string, bytes: BlobPart, given: string | null = null): ImageSource => ({
  path,
  given,
  file: fileOf(path, bytes),
});

async function importAll(...sources: ImageSource[]) {
  const importer = createImporter();
  const progress = await importer.importImages({ projectId: project, sources, labels: null });
  return { ...progress, items: await loadItems(database, project, 0, 100) };
}

test("every kind of image goes in with its type, size, name and bytes", async () => {
  const jpeg = await draw("image/jpeg", 40, 30, 1);
  const { added, problems, items } = await importAll(
    source("photos/a.jpg", jpeg, "cat"),
    source("b.png", await draw("image/png", 256, 20, 2)),
    source("c.webp", await draw("image/webp", 50, 60, 3)),
    source("d.gif", stored("gif")),
    source("e.bmp", stored("bmp")),
    source("f.avif", stored("avif")),
    // The bytes decide, not the name.
    source("g.png", await draw("image/jpeg", 21, 22, 4)),
  );
  expect(problems).toEqual([]);
  expect(added).toBe(7);
  expect(items.map(({ row, path, type, width, height }) => [row, path, type, width, height])).toEqual([
    [0, "photos/a.jpg", "image/jpeg", 40, 30],
    [1, "b.png", "image/png", 256, 20],
    [2, "c.webp", "image/webp", 50, 60],
    [3, "d.gif", "image/gif", 37, 23],
    [4, "e.bmp", "image/bmp", 37, 23],
    [5, "f.avif", "image/avif", 37, 23],
    [6, "g.png", "image/jpeg", 21, 22],
  ]);
  expect(items[0]).toMatchObject({ kind: "image", name: "a.jpg", given: "cat", sizeBytes: jpeg.length });
  expect(items[0]!.itemId).toMatch(/^[0-9a-f]{64}$/);
  const content = await loadContent(database, project, items[0]!.itemId);
  expect(new Uint8Array(content!.bytes)).toEqual(jpeg);
});

test("a thumbnail is made above 256 pixels, and only there", async () => {
  const { items } = await importAll(
    source("small.png", await draw("image/png", 256, 256)),
    source("wide.png", await draw("image/png", 1024, 100)),
    source("tall.jpg", await draw("image/jpeg", 2, 600)),
  );
  const thumbnails = await Promise.all(items.map(({ itemId }) => loadThumbnail(database, project, itemId)));
  const sizes = await Promise.all(
    thumbnails.map(async (one) => {
      if (!one) return null;
      expect(one.type).toBe("image/webp");
      const { width, height } = await createImageBitmap(new Blob([one.bytes], { type: one.type }));
      return [width, height];
    }),
  );
  expect(sizes).toEqual([null, [256, 25], [1, 256]]);
});

test("a photo turned by its EXIF data is stored upright in size and thumbnail", async () => {
  const lying = await draw("image/jpeg", 400, 300);
  const { items } = await importAll(
    source("as-is.jpg", turned(lying, 1)),
    source("turned.jpg", turned(lying, 6)),
  );
  expect(items.map(({ width, height }) => [width, height])).toEqual([
    [400, 300],
    [300, 400],
  ]);
  const thumbnail = await loadThumbnail(database, project, items[1]!.itemId);
  const bitmap = await createImageBitmap(new Blob([thumbnail!.bytes], { type: thumbnail!.type }));
  expect([bitmap.width, bitmap.height]).toEqual([192, 256]);
  // Turned to the right, the red left half is on top.
  const context = new OffscreenCanvas(192, 256).getContext("2d")!;
  context.drawImage(bitmap, 0, 0);
  const redAt = (x: number, y: number) => context.getImageData(x, y, 1, 1).data[0]! > 200;
  expect([redAt(96, 20), redAt(96, 236), redAt(20, 64), redAt(170, 64)]).toEqual([true, false, true, true]);
});

test("each unusable file is named in a sentence, and the others of the batch go in", async () => {
  const jpeg = await draw("image/jpeg", 300, 200);
  const { added, problems, items } = await importAll(
    source("first.png", await draw("image/png", 9, 9, 1)),
    source("cut/off.jpg", jpeg.slice(0, jpeg.length / 2)),
    source("cut/early.jpg", jpeg.slice(0, 12)),
    source("empty.jpg", new Uint8Array()),
    source("words.png", "These are only words."),
    source(
      "noise.png",
      Uint8Array.from({ length: 5000 }, (_, at) => (at * 7919) % 251),
    ),
    source("huge.png", hugePng(20_000, 20_000)),
    source("headless.png", hugePng(20, 20)),
    source("paper.pdf", "%PDF-1.7 and so on"),
    source("last.png", await draw("image/png", 9, 9, 2)),
  );
  expect(items.map(({ path }) => path)).toEqual(["first.png", "last.png"]);
  expect(added).toBe(2);
  const messages = new Map(problems.map(({ place, message }) => [place, message]));
  expect([...messages.keys()]).toEqual([
    "cut/off.jpg",
    "cut/early.jpg",
    "empty.jpg",
    "words.png",
    "noise.png",
    "huge.png",
    "headless.png",
    "paper.pdf",
  ]);
  for (const [place, message] of messages)
    expect(message).toMatch(new RegExp(`^${place} .*; it was left out\\.`));
  expect(messages.get("cut/off.jpg")).toContain("damaged or cut off");
  expect(messages.get("cut/early.jpg")).toContain("breaks off before its size is known");
  expect(messages.get("empty.jpg")).toContain("is empty (0 bytes)");
  expect(messages.get("words.png")).toContain("holds text, not an image");
  expect(messages.get("huge.png")).toContain("20,000 × 20,000 pixels, more than the 100 megapixels");
  expect(messages.get("paper.pdf")).toContain("a PDF document");
});

test("the same bytes twice are one item, whatever they are called, also in a later import", async () => {
  const bytes = await draw("image/png", 8, 8, 1);
  const first = await importAll(source("a.png", bytes), source("b.png", bytes));
  expect(first).toMatchObject({ added: 1, duplicates: [{ path: "b.png", of: "a.png" }], problems: [] });
  const second = await importAll(source("c.png", bytes), source("d.png", await draw("image/png", 8, 8, 2)));
  expect(second).toMatchObject({ added: 1, duplicates: [{ path: "c.png", of: "a.png" }] });
  expect(second.items.map(({ path }) => path)).toEqual(["a.png", "d.png"]);
});

test("a file that can no longer be read is one problem among the others", async () => {
  const gone = fileOf("gone.png", "x");
  gone.arrayBuffer = () => Promise.reject(new DOMException("It is gone.", "NotFoundError"));
  const { added, problems } = await importAll(
    { path: "gone.png", given: null, file: gone },
    source("here.png", await draw("image/png", 8, 8)),
  );
  expect(added).toBe(1);
  expect(problems).toEqual([
    { place: "gone.png", message: "gone.png was moved or deleted while it was read; drop it again." },
  ]);
});

test("an import told to stop keeps the batches stored before, and stops though the next one begins", async () => {
  const importer = createImporter();
  const pictures = await Promise.all([0, 1, 2, 3].map((shade) => draw("image/png", 8, 8, shade)));
  const batch = (...shades: number[]) => ({
    projectId: project,
    sources: shades.map((shade) => source(`${shade}.png`, pictures[shade]!)),
    labels: null,
  });
  await importer.importImages(batch(0));
  const stopped = importer.importImages(batch(1, 2));
  importer.stop();
  const next = importer.importImages(batch(3));
  await expect(stopped).rejects.toMatchObject({ name: "AbortError" });
  expect(await next).toMatchObject({ added: 1 });
  expect((await loadItems(database, project, 0, 10)).map(({ name }) => name)).toEqual(["0.png", "3.png"]);
});
