// Reads a project out of storage, a page at a time, into a bundle.

import type { StopSignal } from "../../src/core/errors";
import type { ProjectId } from "../../src/core/ids";
import type { Item } from "../../src/core/item";
import { isModelId } from "../../src/core/pretrained";
import type { Project } from "../../src/core/project";
import type { BundledChunk, BundledEncoder, BundledItem } from "../../src/formats/bundle/records";
import { writeBundle, type BundleSource } from "../../src/formats/bundle/write";
import type { Database } from "../../src/storage/database";
import { chunkRows, countEmbedded, listLearntEncoders, loadChunk } from "../../src/storage/embedding-store";
import { loadEvents } from "../../src/storage/event-store";
import { countItems, loadContent, loadItems, loadThumbnail, textsOf } from "../../src/storage/item-store";
import { loadModel, loadModelFiles } from "../../src/storage/model-store";
import { loadProject } from "../../src/storage/project-store";
import { loadRoundDetail, loadRounds } from "../../src/storage/round-store";
import type { BundleChoice, BundleProgress } from "./api";

const pageRows = 500;

interface About {
  readonly annotator: string;
  readonly appVersion: string;
  readonly createdAt: number;
}

/** @throws Stopped */
export async function writeProject(
  database: Database,
  projectId: ProjectId,
  choice: BundleChoice,
  about: About,
  report: (progress: BundleProgress) => void,
  stop: StopSignal,
): Promise<Blob> {
  const project = await loadProject(database, projectId);
  if (!project) throw new Error("This project was deleted in another tab, so there is nothing to export.");
  const total = await countItems(database, projectId);
  const source: BundleSource = {
    ...about,
    project,
    events: () => lazily(() => loadEvents(database, projectId)),
    items: choice.items ? () => items(database, project, total, report) : null,
    content: async (itemId) => (await loadContent(database, projectId, itemId))?.bytes ?? null,
    thumbnail: async (itemId) => (await loadThumbnail(database, projectId, itemId))?.bytes ?? null,
    rounds: () => rounds(database, projectId),
    ...(choice.items && choice.models && { models: () => models(database, project) }),
    embeddings:
      choice.items && choice.embeddings
        ? { encoders: () => encoders(database, projectId), chunks: () => chunks(database, projectId) }
        : null,
  };
  const pieces: Blob[] = [];
  // As Blobs, so that the browser may move large bundles to disk.
  for await (const piece of writeBundle(source, stop)) pieces.push(new Blob([piece]));
  return new Blob(pieces, { type: "application/zip" });
}

async function* lazily<T>(load: () => Promise<readonly T[]>): AsyncGenerator<T> {
  yield* await load();
}

async function* items(
  database: Database,
  { id: projectId, kind }: Project,
  total: number,
  report: (progress: BundleProgress) => void,
): AsyncGenerator<BundledItem> {
  for (let from = 0; from < total; from += pageRows) {
    const page = await loadItems(database, projectId, from, Math.min(total, from + pageRows));
    const texts = kind === "text" ? await textsOf(database, page) : [];
    for (const [at, item] of page.entries()) yield await bundled(database, item, texts[at] ?? null);
    report({ done: Math.min(total, from + pageRows), total });
  }
}

async function bundled(
  database: Database,
  { row: _row, text: _text, projectId, ...item }: Item,
  text: string | null,
): Promise<BundledItem> {
  if (item.kind === "text") {
    return { ...item, text, thumbnail: null };
  }
  return {
    ...item,
    text,
    thumbnail: (await loadThumbnail(database, projectId, item.itemId))?.type ?? null,
  };
}

async function* rounds(database: Database, projectId: ProjectId) {
  for (const { projectId: _of, ...summary } of await loadRounds(database, projectId)) {
    const stored = await loadRoundDetail(database, projectId, summary.number);
    if (stored) {
      const { projectId: _too, number: _number, ...detail } = stored;
      yield { summary, detail };
    } else yield { summary, detail: null };
  }
}

async function* encoders(database: Database, projectId: ProjectId): AsyncGenerator<BundledEncoder> {
  for (const { projectId: _of, ...learnt } of await listLearntEncoders(database, projectId)) yield learnt;
}

/** Of what was learnt here, and of pretrained encoders, which learn nothing and are known by the rounds on them. */
async function encoderKeys(database: Database, projectId: ProjectId): Promise<ReadonlySet<string>> {
  const learnt = await listLearntEncoders(database, projectId);
  const rounds = await loadRounds(database, projectId);
  const ofModels = rounds.filter(({ encoderKey }) => isModelId(encoderKey));
  return new Set([...learnt, ...ofModels].map(({ encoderKey }) => encoderKey));
}

async function* models(database: Database, { settings }: Project) {
  const model = settings.encoderId ? await loadModel(database, settings.encoderId) : null;
  if (!model) return;
  const files = new Map(await loadModelFiles(database, model));
  yield { model, file: (path: string) => files.get(path)! };
}

async function* chunks(database: Database, projectId: ProjectId): AsyncGenerator<BundledChunk> {
  for (const encoderKey of await encoderKeys(database, projectId)) {
    const total = await countEmbedded(database, projectId, encoderKey);
    for (let firstRow = 0; firstRow < total; firstRow += chunkRows) {
      const chunk = await loadChunk(database, projectId, encoderKey, firstRow);
      if (!chunk) break;
      const { rows, dims, values, terms } = chunk;
      yield { encoderKey, firstRow, rows, dims, values: new Float32Array(values), ...(terms && { terms }) };
    }
  }
}
