// Databases for the browser tests, and records to put in: each test gets a database of its own, or an empty
// one where the code under test insists on the app's.

import { deleteDB } from "idb";
import type { AnswerEvent } from "../../src/core/event";
import type { ClassId, EventId, ItemId, ProjectId } from "../../src/core/ids";
import { defaultSettings, type ItemKind, type Project } from "../../src/core/project";
import type { Round } from "../../src/core/round";
import { databaseName, openDatabase, type Database } from "../../src/storage/database";
import type { NewItem } from "../../src/storage/item-store";
import { saveProject } from "../../src/storage/project-store";
import type { ImportRecord } from "../../src/storage/schema";

export const projectId = (name = "project") => name as ProjectId;

let opened = 0;

/** The name of a database nobody has used yet, also not an earlier run in the same profile. */
export function unusedName(): string {
  return `askwell-test-${crypto.randomUUID()}-${opened++}`;
}

export function openFresh(name = unusedName()): Promise<Database> {
  return openDatabase({}, name);
}

/** One that holds these projects: a project that is not stored takes nothing. */
export async function openWithProjects(
  ids: readonly ProjectId[] = [projectId()],
  name = unusedName(),
): Promise<Database> {
  const database = await openFresh(name);
  for (const id of ids) await saveProject(database, makeProject("text", id));
  return database;
}

/** Empties the app's own database, but for these projects. Connections left open by an earlier test close by themselves. */
export async function openEmptied(...projects: readonly Project[]): Promise<Database> {
  await deleteDB(databaseName);
  const database = await openDatabase();
  for (const project of projects) await saveProject(database, project);
  return database;
}

export function makeProject(kind: ItemKind = "image", id = projectId()): Project {
  return {
    id,
    name: `Project ${id}`,
    kind,
    answerMode: "single",
    classes: [],
    guidelines: "",
    settings: { ...defaultSettings, seed: 1 },
    createdAt: 1,
    changedAt: 2,
  };
}

/** An item whose name stands for its hash. */
export function makeItem(name: string, options: { project?: ProjectId; label?: AnswerEvent } = {}): NewItem {
  const bytes = new TextEncoder().encode(name).buffer;
  return {
    item: {
      projectId: options.project ?? projectId(),
      itemId: name as ItemId,
      kind: "text",
      name,
      path: `texts/${name}.txt`,
      sizeBytes: bytes.byteLength,
      type: "text/plain",
      width: 0,
      height: 0,
      given: null,
      addedAt: 1,
    },
    bytes,
    thumbnail: null,
    label: options.label ?? null,
  };
}

/** Ids sort by number. */
export function makeEvent(number: number, item = "a", project = projectId()): AnswerEvent {
  const id = String(number).padStart(6, "0") as EventId;
  return {
    type: "answer",
    id,
    step: id,
    projectId: project,
    at: number,
    annotator: "Ada",
    itemId: item as ItemId,
    answer: { type: "classes", classIds: ["cat" as ClassId] },
    slice: "train",
    origin: "person",
    shown: null,
    tookMs: 1000,
  };
}

export function makeImportRecord(): ImportRecord {
  return {
    id: "01A" as EventId,
    projectId: projectId(),
    at: 1,
    source: "photos",
    added: 1,
    duplicates: 0,
    labels: 0,
    problems: [],
    problemCount: 0,
    finished: true,
  };
}

export function makeRound(number: number): Round {
  return {
    number,
    classIds: ["cat" as ClassId, "dog" as ClassId],
    trainCount: 4,
    holdOutCount: 0,
    strategyId: "margin",
    headId: "logistic",
    seed: 1,
    model: {
      kind: "linear",
      layer: { dims: 1, classes: 2, weights: Float32Array.of(number, -number), bias: Float32Array.of(0, 1) },
      activation: "softmax",
    },
    fallback: null,
    evaluation: null,
    questions: [],
    poolUncertainty: 0.5,
    tier: "cpu",
    cost: { fitMs: 1, scoreMs: 1, selectMs: 1 },
  };
}
