// The embedder over items in real storage: texts and images, going on where it stopped, learning again when
// the project has doubled, and items it cannot read.

import { beforeEach, expect, test } from "vitest";
import type { ItemId } from "../../src/core/ids";
import { createRandom } from "../../src/core/random";
import type { Database } from "../../src/storage/database";
import { chunkRows, listLearntEncoders, loadEmbeddings, loadTerms } from "../../src/storage/embedding-store";
import { addItems, type NewItem } from "../../src/storage/item-store";
import { deleteProject, ProjectDeleted, saveProject } from "../../src/storage/project-store";
import type { EmbeddingProgress } from "../../workers/api";
import { createEmbedder } from "../../workers/embedder";
import { draw } from "./importing/pictures";
import { makeItem, makeProject, openEmptied, projectId } from "./stored";

const project = projectId();
let database: Database;
beforeEach(async () => void (database = await openEmptied()));

const words = [
  "cat",
  "dog",
  "house",
  "rain",
  "train",
  "bread",
  "blue",
  "round",
  "quick",
  "lost",
  "warm",
  "old",
];

function makeTexts(from: number, to: number): NewItem[] {
  return Array.from({ length: to - from }, (_, at) => {
    const random = createRandom(from + at);
    return makeItem(`${from + at}: ${Array.from({ length: 6 }, () => words[random.integer(12)]).join(" ")}`);
  });
}

async function makeImage(
  name: string,
  bytes: ArrayBuffer,
  thumbnail: ArrayBuffer | null = null,
): Promise<NewItem> {
  const image = { kind: "image", type: "image/png", width: thumbnail ? 500 : 20, height: 20 } as const;
  const { item } = makeItem(name);
  return {
    item: { ...item, ...image },
    bytes,
    thumbnail: thumbnail && { type: "image/png", bytes: thumbnail },
    label: null,
  };
}

async function embed(embedder = createEmbedder(), report: (progress: EmbeddingProgress) => void = () => {}) {
  const embedded = await embedder.embed(project, null, 1, report);
  return { ...embedded, matrix: await loadEmbeddings(database, project, embedded.encoderKey) };
}

const lengthOf = (values: Float32Array, row: number, dims: number) =>
  Math.hypot(...values.subarray(row * dims, (row + 1) * dims));

test("texts get a row of length 1 each, the same again from the same seed", async () => {
  await saveProject(database, makeProject("text"));
  await addItems(database, project, makeTexts(0, 20));
  const reports: EmbeddingProgress[] = [];
  const { encoderKey, rows, dims, unreadable, matrix } = await embed(
    createEmbedder(),
    (one) => void reports.push(one),
  );
  expect({ encoderKey, rows, dims, unreadable }).toEqual({
    encoderKey: "lsa-sif@1/20",
    rows: 20,
    dims: 328,
    unreadable: [],
  });
  expect(matrix).toMatchObject({ rows: 20, dims: 328 });
  for (let row = 0; row < 20; row++) expect(lengthOf(matrix.values, row, dims)).toBeCloseTo(1, 4);
  expect(reports).toEqual([
    { step: "learning", done: 0, total: 100 },
    // Read, and the first half of what is learnt from that.
    { step: "learning", done: 20, total: 100 },
    { step: "learning", done: 60, total: 100 },
    { step: "encoding", done: 0, total: 20 },
    { step: "encoding", done: 20, total: 20 },
  ]);
  database = await openEmptied();
  await saveProject(database, makeProject("text"));
  await addItems(database, project, makeTexts(0, 20));
  expect((await embed()).matrix.values).toEqual(matrix.values);
});

test("images get a row each; like ones lie closer than unlike ones", async () => {
  await saveProject(database, makeProject("image"));
  const pictures = await Promise.all(
    [0, 10, 245, 255].map(async (shade) => (await draw("image/png", 20, 20, shade)).buffer),
  );
  await addItems(
    database,
    project,
    await Promise.all(pictures.map((bytes, at) => makeImage(`${at}.png`, bytes))),
  );
  const { rows, dims, unreadable, matrix } = await embed();
  expect({ rows, dims, unreadable }).toEqual({ rows: 4, dims: 256, unreadable: [] });
  const alike = (a: number, b: number) => {
    let sum = 0;
    for (let k = 0; k < dims; k++) sum += matrix.values[a * dims + k]! * matrix.values[b * dims + k]!;
    return sum;
  };
  for (let row = 0; row < 4; row++) expect(alike(row, row)).toBeCloseTo(1, 4);
  expect(alike(0, 1)).toBeGreaterThan(alike(0, 3) + 0.1);
  expect(alike(2, 3)).toBeGreaterThan(alike(0, 3) + 0.1);
});

test("a large image is read from its thumbnail", async () => {
  await saveProject(database, makeProject("image"));
  const small = (await draw("image/png", 250, 10)).buffer;
  const broken = new ArrayBuffer(10);
  await addItems(database, project, [await makeImage("a.png", broken, small)]);
  expect((await embed()).unreadable).toEqual([]);
});

test("it goes on where it stopped: what is stored is kept, a short last chunk is made again", async () => {
  await saveProject(database, makeProject("text"));
  const total = chunkRows + 90;
  await addItems(database, project, makeTexts(0, total));
  const first = await embed();
  expect(first.rows).toBe(total);
  // Marked, so that a chunk that is made again shows.
  const marked = await database.get("embeddings", [project, first.encoderKey, 0]);
  const marks = new Float32Array(marked!.values).fill(0.5);
  await database.put("embeddings", { ...marked!, values: marks.buffer });

  await addItems(database, project, makeTexts(total, 2 * chunkRows + 10));
  const progress: EmbeddingProgress[] = [];
  const second = await embed(createEmbedder(), (one) => void progress.push(one));
  expect(second.encoderKey).toBe(first.encoderKey);
  expect(second.rows).toBe(2 * chunkRows + 10);
  expect(progress.map(({ step, done }) => [step, done])).toEqual([
    ["encoding", total],
    ["encoding", 2 * chunkRows],
    ["encoding", 2 * chunkRows + 10],
  ]);
  const { values, dims } = second.matrix;
  expect(values.subarray(0, chunkRows * dims).every((value) => value === 0.5)).toBe(true);
  expect(values.subarray(chunkRows * dims, total * dims)).toEqual(
    first.matrix.values.subarray(chunkRows * dims),
  );
  expect(lengthOf(values, 2 * chunkRows + 9, dims)).toBeCloseTo(1, 4);
});

test("stopped after a chunk it keeps that chunk, and the next call makes the rest", async () => {
  await saveProject(database, makeProject("text"));
  await addItems(database, project, makeTexts(0, 2 * chunkRows + 10));
  const embedder = createEmbedder();
  const stopped = embedder.embed(project, null, 1, ({ step, done }) => {
    if (step === "encoding" && done > 0) embedder.stop();
  });
  await expect(stopped).rejects.toMatchObject({ name: "AbortError" });
  const key = `lsa-sif@1/${2 * chunkRows + 10}`;
  expect((await loadEmbeddings(database, project, key)).rows).toBe(chunkRows);
  const { encoderKey, rows } = await embed(embedder);
  expect([encoderKey, rows]).toEqual([key, 2 * chunkRows + 10]);
});

test("terms are kept beside embeddings, and made for embeddings of the first versions, which have none", async () => {
  await saveProject(database, makeProject("text"));
  const total = 3 * chunkRows + 20;
  await addItems(database, project, makeTexts(0, total));
  const { encoderKey, matrix } = await embed();
  const terms = await loadTerms(database, project, encoderKey, total);
  expect(terms).toMatchObject({ rows: total });
  expect(terms!.offsets[total]).toBeGreaterThan(total);
  for (const firstRow of [chunkRows, 2 * chunkRows, 3 * chunkRows]) {
    const { terms: _, ...bare } = (await database.get("embeddings", [project, encoderKey, firstRow]))!;
    await database.put("embeddings", bare);
  }
  expect(await loadTerms(database, project, encoderKey, total)).toBeNull();
  expect(await loadTerms(database, project, encoderKey, chunkRows)).toMatchObject({ rows: chunkRows });
  const progress: number[] = [];
  const again = await embed(createEmbedder(), ({ done }) => void progress.push(done));
  expect(progress).toEqual([chunkRows, 2 * chunkRows, 3 * chunkRows, total]);
  expect(again.encoderKey).toBe(encoderKey);
  expect(again.matrix).toEqual(matrix);
  expect(await loadTerms(database, project, encoderKey, total)).toEqual(terms);
  const some = await loadTerms(database, project, encoderKey, chunkRows + 5);
  expect(some!.offsets).toEqual(terms!.offsets.slice(0, chunkRows + 6));
});

test("a call that was told to stop stops though the next one has begun", async () => {
  await saveProject(database, makeProject("text"));
  await addItems(database, project, makeTexts(0, 5));
  const embedder = createEmbedder();
  const first = embedder.embed(project, null, 1, () => {});
  embedder.stop();
  const second = embedder.embed(project, null, 1, () => {});
  await expect(first).rejects.toMatchObject({ name: "AbortError" });
  expect((await second).rows).toBe(5);
});

test("it learns again once the project has doubled, and keeps the old embeddings", async () => {
  await saveProject(database, makeProject("text"));
  await addItems(database, project, makeTexts(0, 10));
  const first = await embed();
  await addItems(database, project, makeTexts(10, 19));
  expect((await embed()).encoderKey).toBe(first.encoderKey);
  await addItems(database, project, makeTexts(19, 20));
  const doubled = await embed();
  expect(doubled).toMatchObject({ encoderKey: "lsa-sif@1/20", rows: 20 });
  expect((await listLearntEncoders(database, project)).map(({ learntFrom }) => learntFrom)).toEqual([10, 20]);
  expect((await loadEmbeddings(database, project, first.encoderKey)).rows).toBe(19);
  expect((await embed()).encoderKey).toBe("lsa-sif@1/20");
});

test("items that cannot be read are named and have a row of zeros; the others are not shifted", async () => {
  await saveProject(database, makeProject("image"));
  const good = async (shade: number) => (await draw("image/png", 20, 20, shade)).buffer;
  await addItems(database, project, [
    await makeImage("a.png", await good(1)),
    await makeImage("b.png", new TextEncoder().encode("no image").buffer),
    await makeImage("c.png", await good(200)),
    await makeImage("d.png", await good(100)),
  ]);
  await database.delete("contents", [project, "d.png" as ItemId]);
  const { unreadable, rows, dims, matrix } = await embed();
  expect(unreadable).toEqual(["texts/b.png.txt", "texts/d.png.txt"]);
  expect(rows).toBe(4);
  const lengths = [0, 1, 2, 3].map((row) => lengthOf(matrix.values, row, dims));
  expect(lengths.map((length) => Math.round(length * 1000) / 1000)).toEqual([1, 0, 1, 0]);
});

test("an empty project has no embeddings, and a deleted one is said to be", async () => {
  await saveProject(database, makeProject("text"));
  expect(await embed()).toMatchObject({ rows: 0, unreadable: [], matrix: { rows: 0 } });
  await deleteProject(database, project);
  await expect(embed()).rejects.toThrow(ProjectDeleted);
});

test("an encoder nobody knows is refused by name", async () => {
  await saveProject(database, makeProject("text"));
  await expect(createEmbedder().embed(project, "crystal-ball", 1, () => {})).rejects.toThrow(
    'There is no encoder called "crystal-ball".',
  );
});
