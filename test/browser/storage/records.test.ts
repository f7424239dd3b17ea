// Embeddings, what encoders learnt, rounds, imports and projects: what is stored comes back, and removing a
// project takes everything of it and nothing of another.

import { expect, test, vi } from "vitest";
import type { EventId, ProjectId } from "../../../src/core/ids";
import type { Model } from "../../../src/core/learning/model";
import { createRandom } from "../../../src/core/random";
import type { Database } from "../../../src/storage/database";
import {
  chunkRows,
  countEmbedded,
  deleteEmbeddings,
  listLearntEncoders,
  loadEmbeddings,
  saveChunk,
  saveLearntEncoder,
} from "../../../src/storage/embedding-store";
import { appendEvents } from "../../../src/storage/event-store";
import { loadGraph, saveGraph } from "../../../src/storage/graph-store";
import { listImports, saveImport } from "../../../src/storage/import-store";
import { addItems } from "../../../src/storage/item-store";
import { deleteProject, listProjects, loadProject, saveProject } from "../../../src/storage/project-store";
import { loadRoundDetail, loadRounds, saveRound } from "../../../src/storage/round-store";
import type { ImportRecord } from "../../../src/storage/schema";
import {
  makeEvent,
  makeItem,
  makeProject,
  makeRound,
  openFresh,
  openWithProjects,
  projectId,
} from "../stored";

const project = projectId();
const dims = 3;

function makeValues(rows: number): Float32Array {
  const random = createRandom(rows);
  return Float32Array.from({ length: rows * dims }, () => random.normal());
}

async function saveRows(database: Database, key: string, values: Float32Array, from: number, to: number) {
  const part = values.slice(from * dims, to * dims);
  await saveChunk(database, {
    projectId: project,
    encoderKey: key,
    firstRow: from,
    rows: to - from,
    dims,
    values: part.buffer,
  });
}

async function saveAll(database: Database, key: string, values: Float32Array, firstChunk = 0) {
  const rows = values.length / dims;
  for (let from = firstChunk * chunkRows; from < rows; from += chunkRows)
    await saveRows(database, key, values, from, Math.min(rows, from + chunkRows));
}

test("embeddings come back as one matrix, over several pages of chunks and a short last one", async () => {
  const database = await openWithProjects();
  expect(await loadEmbeddings(database, project, "a@1/9")).toMatchObject({ rows: 0, dims: 0 });
  const values = makeValues(33 * chunkRows + 17);
  await saveAll(database, "a@1/9", values);
  await saveAll(database, "a@1/99", makeValues(5));
  expect(await countEmbedded(database, project, "a@1/9")).toBe(33 * chunkRows + 17);
  expect(await loadEmbeddings(database, project, "a@1/9")).toEqual({
    values,
    rows: 33 * chunkRows + 17,
    dims,
  });
});

test("a short last chunk is written again when the project has grown", async () => {
  const database = await openWithProjects();
  await saveAll(database, "a", makeValues(300));
  const grown = makeValues(3 * chunkRows);
  await saveAll(database, "a", grown, 1);
  expect(await countEmbedded(database, project, "a")).toBe(3 * chunkRows);
  const { values, rows } = await loadEmbeddings(database, project, "a");
  expect(rows).toBe(3 * chunkRows);
  expect(values.subarray(chunkRows * dims)).toEqual(grown.subarray(chunkRows * dims));
  expect(values.subarray(0, chunkRows * dims)).toEqual(makeValues(300).subarray(0, chunkRows * dims));
});

test("embeddings written while they are loaded do no harm: the rows counted first are the ones that come", async () => {
  const database = await openWithProjects();
  await saveAll(database, "a", makeValues(300));
  const grown = makeValues(4 * chunkRows);
  const read = database.getAll.bind(database);
  const spy = vi.spyOn(database, "getAll").mockImplementation((async (
    ...args: Parameters<typeof database.getAll>
  ) => {
    await saveAll(database, "a", grown, 1);
    return read(...args);
  }) as never);
  const { values, rows } = await loadEmbeddings(database, project, "a");
  expect(spy).toHaveBeenCalled();
  expect(rows).toBe(300);
  expect(values).toHaveLength(300 * dims);
  expect(values.subarray(chunkRows * dims)).toEqual(grown.subarray(chunkRows * dims, 300 * dims));
});

test("one encoder can be forgotten without the others", async () => {
  const database = await openWithProjects();
  for (const key of ["a@1/1", "a@1/10"]) {
    await saveAll(database, key, makeValues(3));
    await saveLearntEncoder(database, {
      projectId: project,
      encoderKey: key,
      encoderId: "a",
      learntFrom: 3,
      state: { axes: Float32Array.of(1, 2) },
    });
  }
  await deleteEmbeddings(database, project, "a@1/1");
  expect(await countEmbedded(database, project, "a@1/1")).toBe(0);
  expect(await countEmbedded(database, project, "a@1/10")).toBe(3);
  const learnt = await listLearntEncoders(database, project);
  expect(learnt).toMatchObject([{ encoderKey: "a@1/10", state: { axes: Float32Array.of(1, 2) } }]);
});

const graph = {
  rows: 2,
  offsets: Uint32Array.of(0, 1, 2),
  neighbours: Uint32Array.of(1, 0),
  weights: Float32Array.of(0.5, 0.5),
};

test("a graph comes back for the embeddings it was made of, and goes with them", async () => {
  const database = await openFresh();
  const [one, other] = [
    { projectId: project, encoderKey: "a@1/1" },
    { projectId: project, encoderKey: "a@1/10" },
  ];
  const values = makeValues(40);
  await saveGraph(database, one, values, graph);
  expect(await loadGraph(database, one, values), "no such project").toBeNull();
  await saveProject(database, makeProject("text", project));
  await saveGraph(database, one, values, graph);
  await saveGraph(database, other, values, { ...graph, rows: 3 });
  expect(await loadGraph(database, one, values)).toEqual(graph);
  // Made again under the same name, or grown meanwhile.
  expect(await loadGraph(database, one, makeValues(40).reverse())).toBeNull();
  expect(await loadGraph(database, one, makeValues(41))).toBeNull();
  await deleteEmbeddings(database, project, "a@1/1");
  expect(await loadGraph(database, one, values)).toBeNull();
  expect(await loadGraph(database, other, values)).toMatchObject({ rows: 3 });
  await deleteProject(database, project);
  expect(await loadGraph(database, other, values)).toBeNull();
});

test("rounds come back in order, weights apart from the summary, and none is overwritten", async () => {
  const database = await openWithProjects();
  for (const number of [10, 2, 1])
    await saveRound(
      database,
      { projectId: project, encoderKey: "a@1/9", poolRows: 9, at: 5 },
      makeRound(number),
    );
  const rounds = await loadRounds(database, project);
  expect(rounds.map(({ number }) => number)).toEqual([1, 2, 10]);
  expect(rounds[0]).toMatchObject({ hasHead: true, encoderKey: "a@1/9", at: 5 });
  expect(rounds[0]).not.toHaveProperty("model");
  expect(rounds[0]).not.toHaveProperty("questions");
  expect((await loadRoundDetail(database, project, 10))?.model).toEqual(makeRound(10).model);
  expect(await loadRoundDetail(database, project, 3)).toBeNull();
  await expect(
    saveRound(database, { projectId: project, encoderKey: "b", poolRows: 9, at: 6 }, makeRound(2)),
  ).rejects.toThrow();
  expect((await loadRounds(database, project))[1]?.encoderKey).toBe("a@1/9");
});

test("a model of labelled items rests on the embeddings, which are not stored again with it", async () => {
  const database = await openWithProjects();
  const values = makeValues(600);
  for (const from of [0, 256, 512])
    await saveRows(database, "a@1/9", values, from, Math.min(600, from + 256));
  // Neither in order nor in one chunk; the last row of one and the first of the next among them.
  const places = Uint32Array.of(599, 0, 256, 255, 400);
  const features = Float32Array.from(
    [...places].flatMap((row) => [...values.subarray(3 * row, 3 * row + 3)]),
  );
  const model: Model = {
    kind: "k-nearest",
    k: 2,
    dims,
    classes: 2,
    places,
    features,
    targets: Uint8Array.of(1, 0, 0, 1, 1, 0, 0, 1, 1, 0),
    temperature: 1.5,
    activation: "softmax",
  };
  const about = { projectId: project, encoderKey: "a@1/9", poolRows: 600, at: 5 };
  await saveRound(database, about, { ...makeRound(1), model });
  expect((await database.get("roundDetails", [project, 1]))?.model).not.toHaveProperty("features");
  expect((await loadRoundDetail(database, project, 1))?.model).toEqual(model);
  await deleteEmbeddings(database, project, "a@1/9");
  expect(await loadRoundDetail(database, project, 1)).toMatchObject({ number: 1, model: null });
});

function makeImport(id: string, finished: boolean): ImportRecord {
  return {
    id: id as EventId,
    projectId: project,
    at: 1,
    source: "photos",
    added: 2,
    duplicates: 0,
    labels: 0,
    problems: [{ place: "a.png", message: "a.png is empty." }],
    problemCount: 1,
    finished,
  };
}

test("imports come newest first and are updated as they go", async () => {
  const database = await openWithProjects();
  await saveImport(database, makeImport("01A", false));
  await saveImport(database, makeImport("01B", false));
  await saveImport(database, makeImport("01A", true));
  expect(await listImports(database, project)).toEqual([makeImport("01B", false), makeImport("01A", true)]);
});

test("projects come back, last changed first", async () => {
  const database = await openFresh();
  for (const [id, changedAt] of [["old", 1] as const, ["new", 9] as const, ["middle", 5] as const])
    await saveProject(database, { ...makeProject("text", projectId(id)), changedAt });
  expect((await listProjects(database)).map(({ id }) => id)).toEqual(["new", "middle", "old"]);
  expect((await loadProject(database, projectId("middle")))?.changedAt).toBe(5);
  expect(await loadProject(database, projectId("none"))).toBeNull();
});

async function fill(database: Database, id: ProjectId, event: number): Promise<void> {
  await saveProject(database, makeProject("text", id));
  const picture = { type: "image/png", bytes: new ArrayBuffer(1) };
  // Too long to lie with its item, so that there is a record of its bytes.
  const bytes = new ArrayBuffer(5000);
  await addItems(database, id, [{ ...makeItem("a", { project: id }), bytes, thumbnail: picture }]);
  await appendEvents(database, [makeEvent(event, "a", id), makeEvent(event + 1, "a", id)]);
  await saveChunk(database, {
    projectId: id,
    encoderKey: "a",
    firstRow: 0,
    rows: 1,
    dims: 1,
    values: new ArrayBuffer(4),
  });
  await saveLearntEncoder(database, {
    projectId: id,
    encoderKey: "a",
    encoderId: "a",
    learntFrom: 1,
    state: {},
  });
  await saveGraph(database, { projectId: id, encoderKey: "a" }, Float32Array.of(1), graph);
  await saveRound(database, { projectId: id, encoderKey: "a", poolRows: 1, at: 1 }, makeRound(1));
  await saveImport(database, { ...makeImport("01A", true), projectId: id });
}

/** Preferences and models belong to the browser profile; no project takes them with it. */
const ofTheProfile: ReadonlySet<string> = new Set(["settings", "models", "modelPieces"]);

/** Everything in the database that belongs to projects. */
async function dump(database: Database): Promise<Record<string, unknown[]>> {
  const names = [...database.objectStoreNames].filter((name) => !ofTheProfile.has(name));
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await database.getAll(name)] as const)),
  );
}

test("removing a project takes everything of it and nothing of another", async () => {
  const [lone, database] = await Promise.all([openFresh(), openFresh()]);
  // Names around the removed one's, so that a range one too wide would show.
  await fill(lone, projectId("project"), 1);
  await fill(lone, projectId("project 11"), 5);
  await fill(database, projectId("project"), 1);
  await fill(database, projectId("project 1"), 3);
  await fill(database, projectId("project 11"), 5);
  await deleteProject(database, projectId("project 1"));
  const left = await dump(database);
  expect(left).toEqual(await dump(lone));
  for (const [name, records] of Object.entries(left))
    expect([name, records.length > 0]).toEqual([name, true]);
});
