// Opening the database: its stores, its migrations, what happens when one fails, and a database that a page
// of version 1 left behind.

import { openDB } from "idb";
import { expect, test } from "vitest";
import { ItemIndex } from "../../../src/core/item-index";
import { openDatabase, StorageUnavailable } from "../../../src/storage/database";
import { loadEvents } from "../../../src/storage/event-store";
import { loadGraph, saveGraph } from "../../../src/storage/graph-store";
import { loadItemHashes } from "../../../src/storage/item-hashes";
import { loadContent, loadItems } from "../../../src/storage/item-store";
import { checkMigrations, migrations, type Migration } from "../../../src/storage/migrations";
import { loadPreferences, savePreferences } from "../../../src/storage/preference-store";
import { listProjects, saveProject } from "../../../src/storage/project-store";
import { loadRoundDetail, loadRounds } from "../../../src/storage/round-store";
import { makeProject, openFresh, projectId, unusedName } from "../stored";
import { makeVersion1 } from "./version-1";
import { addRoundsOfVersion1 } from "./version-1-rounds";

const stores = [
  "contents",
  "embeddings",
  "encoders",
  "events",
  "graphs",
  "imports",
  "itemHashes",
  "items",
  "modelPieces",
  "models",
  "projects",
  "roundDetails",
  "rounds",
  "settings",
  "thumbnails",
];

test("a new database has every store at the present version, and opening it again changes nothing", async () => {
  const name = unusedName();
  const first = await openFresh(name);
  expect([...first.objectStoreNames]).toEqual(stores);
  expect(first.version).toBe(migrations.length);
  await saveProject(first, makeProject());
  first.close();

  const second = await openFresh(name);
  expect([...second.objectStoreNames]).toEqual(stores);
  expect(second.version).toBe(migrations.length);
  expect(await listProjects(second)).toEqual([makeProject()]);
});

test("a database written by version 1 opens and reads", async () => {
  const name = unusedName();
  await makeVersion1(name);
  const database = await openFresh(name);
  expect(database.version).toBe(migrations.length);
  const [project] = await listProjects(database);
  expect(project).toMatchObject({ id: "p1", name: "Cats and dogs", kind: "image" });
  // Version 4: the encoder is chosen, and old projects go on with the one they had.
  expect(project!.settings).toMatchObject({ seed: 42, headId: "logistic", encoderId: null });
  // Version 5: how often to learn is the machine's to choose where nobody else chose.
  expect(project!.settings.refitEvery).toBeNull();
  const items = await loadItems(database, projectId("p1"), 0, 10);
  expect(items.map(({ row, name }) => [row, name])).toEqual([
    [0, "one.png"],
    [1, "two.png"],
  ]);
  const content = await loadContent(database, projectId("p1"), items[1]!.itemId);
  expect([...new Uint8Array(content!.bytes)]).toEqual([4, 5, 6]);
  const events = await loadEvents(database, projectId("p1"));
  expect(events.map(({ id, type }) => [id, type])).toEqual([
    ["01A", "answer"],
    ["01B", "undo"],
  ]);
  // Version 6 has room for graphs, where there were none.
  const values = new Float32Array(2);
  const graph = { rows: 2, offsets: new Uint32Array(3), neighbours: new Uint32Array(0), weights: values };
  const key = { projectId: projectId("p1"), encoderKey: "a" };
  expect(await loadGraph(database, key, values)).toBeNull();
  await saveGraph(database, key, values, graph);
  expect(await loadGraph(database, key, values)).toEqual(graph);
  // Version 2 keeps the items' hashes in columns; what was stored before is read from the items.
  const index = new ItemIndex();
  await loadItemHashes(database, projectId("p1"), 0, 2, (hashes) => index.append(hashes));
  expect(index.length).toBe(2);
  expect(index.idOf(1).slice(0, 8)).toBe("000000bb");
});

test("rounds of version 1 keep their heads and questions as models of today", async () => {
  const name = unusedName();
  await makeVersion1(name);
  await addRoundsOfVersion1(name);
  const database = await openFresh(name);
  const project = projectId("p1");
  const rounds = await loadRounds(database, project);
  expect(rounds.map(({ number, hasHead, fallback }) => [number, hasHead, fallback])).toEqual([
    [1, false, null],
    [2, true, null],
    [3, true, null],
  ]);
  expect(rounds[1]).toMatchObject({ headId: "pool-distilled", trainCount: 4, poolUncertainty: 0.5 });
  expect(rounds[1]).not.toHaveProperty("activation");
  const [none, softmax, sigmoid] = await Promise.all(
    [1, 2, 3].map((number) => loadRoundDetail(database, project, number)),
  );
  expect(none).toMatchObject({ model: null, questions: [{ row: 1, source: "seed" }] });
  const layer = { dims: 1, classes: 2, weights: Float32Array.of(3, -3), bias: Float32Array.of(0, 1) };
  expect(softmax).toEqual({
    projectId: "p1",
    number: 2,
    model: { kind: "linear", layer, activation: "softmax" },
    questions: [],
  });
  expect(sigmoid?.model).toMatchObject({ kind: "linear", activation: "sigmoid" });
  const [kept] = await listProjects(database);
  expect(kept?.settings).toMatchObject({ headId: "logistic", headParameters: {}, batchSize: 10 });
});

const nextVersion = migrations.length + 1;
const addShelf: Migration = {
  version: nextVersion,
  migrate(database) {
    database.createObjectStore("shelf" as never);
  },
};

test("a later step is taken once and keeps the data", async () => {
  const name = unusedName();
  const first = await openFresh(name);
  await saveProject(first, makeProject());
  first.close();
  const second = await openDatabase({}, name, [...migrations, addShelf]);
  expect(second.version).toBe(nextVersion);
  expect([...second.objectStoreNames]).toContain("shelf");
  expect(await listProjects(second)).toHaveLength(1);
  second.close();
  const third = await openDatabase({}, name, [...migrations, addShelf]);
  expect(third.version).toBe(nextVersion);
});

const failures: readonly [string, Migration["migrate"]][] = [
  [
    "throws after a change",
    (database) => {
      database.createObjectStore("half" as never);
      throw new Error("made to fail");
    },
  ],
  [
    "rejects after emptying a store",
    async (_, upgrade) => {
      await upgrade.objectStore("projects").clear();
      throw new Error("made to fail");
    },
  ],
  [
    "is aborted by the browser",
    async (_, upgrade) => {
      await upgrade.objectStore("projects").add(makeProject());
      await upgrade.objectStore("projects").add(makeProject());
    },
  ],
];

test.each(failures)("a step that %s leaves the earlier data as it was", async (_, migrate) => {
  const name = unusedName();
  const before = await openFresh(name);
  await saveProject(before, makeProject("text", projectId("kept")));
  before.close();

  const opening = openDatabase({}, name, [...migrations, { version: nextVersion, migrate }]);
  await expect(opening).rejects.toThrow(StorageUnavailable);
  await expect(opening).rejects.toThrow(/would not open its storage \(.+\).*nothing was changed/);

  const after = await openFresh(name);
  expect(after.version).toBe(migrations.length);
  expect([...after.objectStoreNames]).toEqual(stores);
  expect((await listProjects(after)).map(({ id }) => id)).toEqual(["kept"]);
});

test("the reason a step gave is in the sentence", async () => {
  const steps = [...migrations, { version: nextVersion, migrate: failures[1]![1] }];
  await expect(openDatabase({}, unusedName(), steps)).rejects.toThrow("made to fail");
});

test("steps with a gap, twice the same or out of order are refused before anything is opened", async () => {
  const step = (version: number): Migration => ({ version, migrate: () => undefined });
  for (const versions of [[2], [1, 3], [1, 1], [2, 1], [0]]) {
    expect(() => checkMigrations(versions.map(step))).toThrow("without gaps");
  }
  const name = unusedName();
  await expect(openDatabase({}, name, [step(1), step(3)])).rejects.toThrow("Migration 2 is numbered 3");
  expect((await indexedDB.databases()).map((one) => one.name)).not.toContain(name);
});

test("the database of a newer page is refused with what to do, and left alone", async () => {
  const name = unusedName();
  const newer = await openDB(name, migrations.length + 7, {
    upgrade: (database) => void database.createObjectStore("new"),
  });
  newer.close();
  await expect(openFresh(name)).rejects.toThrow(
    "Your projects were saved by a newer Askwell than this page. Reload to get the newer page; nothing was changed.",
  );
  const again = await openDB(name);
  expect(again.version).toBe(migrations.length + 7);
  again.close();
});

test("an older tab gives way to a newer one and is told", async () => {
  const name = unusedName();
  let outdated = 0;
  const older = await openDatabase({ outdated: () => void outdated++ }, name);
  const newer = await openDatabase({}, name, [...migrations, addShelf]);
  expect(newer.version).toBe(nextVersion);
  expect(outdated).toBe(1);
  expect(() => older.transaction("projects")).toThrow();
});

test("a tab that must wait for another is told, and goes on when that one closes", async () => {
  const name = unusedName();
  // A connection that does not give way, as a tab that is frozen in the background.
  const stubborn = await openDB(name, migrations.length);
  let told = () => {};
  const blocked = new Promise<void>((resolve) => (told = resolve));
  const opening = openDatabase({ blocked: told }, name, [...migrations, addShelf]);
  await blocked;
  stubborn.close();
  expect((await opening).version).toBe(nextVersion);
});

test("preferences come back, and those never set are the usual ones", async () => {
  const database = await openFresh();
  expect(await loadPreferences(database)).toEqual({ theme: "system", annotator: "me", tier: "auto" });
  await savePreferences(database, { theme: "dark", annotator: "Ada", tier: "wasm" });
  expect(await loadPreferences(database)).toEqual({ theme: "dark", annotator: "Ada", tier: "wasm" });
});
