// Embeddings in chunks, written as they are made, and what encoders learnt. Keyed by encoder, so that
// switching encoders keeps the old ones.

import type { ProjectId, Row } from "../core/ids";
import { gatherTerms, joinTerms, type TermRows } from "../core/learning/terms";
import { commit, type Database } from "./database";
import { putOwned } from "./project-store";
import type { EmbeddingChunk, LearntEncoder } from "./schema";

/** Items in one chunk: closing the tab loses at most the work of one. */
export const chunkRows = 256;

/** @throws ProjectDeleted, StorageFull */
export async function saveChunk(database: Database, chunk: EmbeddingChunk): Promise<void> {
  await putOwned(database, "embeddings", chunk);
}

/** The chunk that begins at this row; null where there is none. */
export async function loadChunk(
  database: Database,
  projectId: ProjectId,
  encoderKey: string,
  firstRow: Row,
): Promise<EmbeddingChunk | null> {
  return (await database.get("embeddings", [projectId, encoderKey, firstRow])) ?? null;
}

function chunkRange(projectId: ProjectId, encoderKey: string): IDBKeyRange {
  return IDBKeyRange.bound([projectId, encoderKey], [projectId, encoderKey, []]);
}

/** Rows embedded so far; chunks are written in order, so this is also the next row to do. */
export async function countEmbedded(
  database: Database,
  projectId: ProjectId,
  encoderKey: string,
): Promise<number> {
  const last = await database
    .transaction("embeddings")
    .store.openCursor(chunkRange(projectId, encoderKey), "prev");
  return last ? last.value.firstRow + last.value.rows : 0;
}

export interface EmbeddingMatrix {
  /** rows × dims, row-major. */
  readonly values: Float32Array;
  readonly rows: number;
  readonly dims: number;
}

/** Chunks read at a time: 16 MB or so, so that loading never holds a matrix twice. */
const chunksAtOnce = 32;

/** The chunks of the rows below `rows`, in order, a few read ahead. */
export async function* eachChunk(
  database: Database,
  projectId: ProjectId,
  encoderKey: string,
  rows: number,
): AsyncGenerator<EmbeddingChunk> {
  const pageRows = chunksAtOnce * chunkRows;
  for (let from = 0; from < rows; from += pageRows) {
    const [first, end] = [from, Math.min(rows, from + pageRows)].map((row) => [projectId, encoderKey, row]);
    yield* await database.getAll("embeddings", IDBKeyRange.bound(first, end, false, true));
  }
}

/** The embeddings of one encoder's first `total` rows as one matrix; 0 × 0 where there are none. */
export async function loadEmbeddings(
  database: Database,
  projectId: ProjectId,
  encoderKey: string,
  total?: number,
): Promise<EmbeddingMatrix> {
  const rows = total ?? (await countEmbedded(database, projectId, encoderKey));
  let values = new Float32Array(0);
  let dims = 0;
  for await (const chunk of eachChunk(database, projectId, encoderKey, rows)) {
    if (dims === 0) {
      dims = chunk.dims;
      values = new Float32Array(rows * dims);
    }
    // The embedder may have written on since the rows were counted.
    const wanted = Math.max(0, rows - chunk.firstRow) * dims;
    values.set(new Float32Array(chunk.values).subarray(0, wanted), Math.min(chunk.firstRow, rows) * dims);
  }
  return { values, rows: dims === 0 ? 0 : rows, dims };
}

/** The embeddings of some rows, in their order, read along the chunks. @param wanted ascending, all embedded. */
export async function loadSomeEmbeddings(
  database: Database,
  projectId: ProjectId,
  encoderKey: string,
  wanted: Uint32Array,
): Promise<EmbeddingMatrix> {
  let values = new Float32Array(0);
  let dims = 0;
  let at = 0;
  for await (const chunk of eachChunk(database, projectId, encoderKey, (wanted.at(-1) ?? -1) + 1)) {
    if (dims === 0) {
      dims = chunk.dims;
      values = new Float32Array(wanted.length * dims);
    }
    const all = new Float32Array(chunk.values);
    for (; at < wanted.length && wanted[at]! < chunk.firstRow + chunk.rows; at++) {
      const from = (wanted[at]! - chunk.firstRow) * dims;
      values.set(all.subarray(from, from + dims), at * dims);
    }
  }
  return { values, rows: dims === 0 ? 0 : wanted.length, dims };
}

/**
 * The terms of the rows below `rows`, or of those among them in `wanted`, ascending; null where some row has none, or
 * not of the same number.
 */
export async function loadTerms(
  database: Database,
  projectId: ProjectId,
  encoderKey: string,
  rows: number,
  wanted: Uint32Array | null = null,
): Promise<TermRows | null> {
  const parts: TermRows[] = [];
  let at = 0;
  for await (const { firstRow, terms } of eachChunk(database, projectId, encoderKey, rows)) {
    if (!terms) return null;
    // The embedder may have written on since the rows were counted.
    const end = Math.min(rows, firstRow + terms.rows);
    const places: number[] = [];
    if (wanted) for (; at < wanted.length && wanted[at]! < end; at++) places.push(wanted[at]! - firstRow);
    else for (let row = firstRow; row < end; row++) places.push(row - firstRow);
    parts.push(places.length === terms.rows ? terms : gatherTerms(terms, Uint32Array.from(places)));
  }
  const joined = joinTerms(parts);
  return joined?.rows === (wanted?.length ?? rows) ? joined : null;
}

/**
 * Rows of which the terms are kept, from the first on: in projects of the first versions fewer than have embeddings.
 * Chunks are written in order, so the border is found by halving.
 */
export async function countWithTerms(
  database: Database,
  projectId: ProjectId,
  encoderKey: string,
  embedded: number,
): Promise<number> {
  let [low, high] = [0, Math.ceil(embedded / chunkRows)];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((await loadChunk(database, projectId, encoderKey, middle * chunkRows))?.terms) low = middle + 1;
    else high = middle;
  }
  return Math.min(embedded, low * chunkRows);
}

/**
 * Some rows of one encoder's embeddings, in the order asked for: rows × dims. null where one of them is not there.
 */
export async function loadEmbeddingRows(
  database: Database,
  { projectId, encoderKey }: Pick<EmbeddingChunk, "projectId" | "encoderKey">,
  rows: Uint32Array,
  dims: number,
): Promise<Float32Array | null> {
  const values = new Float32Array(rows.length * dims);
  const { store } = database.transaction("embeddings");
  const order = Array.from(rows.keys()).sort((one, other) => rows[one]! - rows[other]!);
  let chunk: EmbeddingChunk | undefined;
  for (const at of order) {
    const row = rows[at]!;
    if (!chunk || row >= chunk.firstRow + chunk.rows) {
      const upTo = IDBKeyRange.bound([projectId, encoderKey], [projectId, encoderKey, row]);
      chunk = (await store.openCursor(upTo, "prev"))?.value;
    }
    if (!chunk || chunk.dims !== dims || row >= chunk.firstRow + chunk.rows) return null;
    const own = new Float32Array(chunk.values, (row - chunk.firstRow) * dims * 4, dims);
    values.set(own, at * dims);
  }
  return values;
}

/** @throws ProjectDeleted, StorageFull */
export async function saveLearntEncoder(database: Database, learnt: LearntEncoder): Promise<void> {
  await putOwned(database, "encoders", learnt);
}

export async function loadLearntEncoder(
  database: Database,
  projectId: ProjectId,
  encoderKey: string,
): Promise<LearntEncoder | null> {
  return (await database.get("encoders", [projectId, encoderKey])) ?? null;
}

/** What is kept under keys that begin with this, without reading what else was learnt. */
export async function listLearntUnder(
  database: Database,
  projectId: ProjectId,
  prefix: string,
): Promise<LearntEncoder[]> {
  return database.getAll("encoders", IDBKeyRange.bound([projectId, prefix], [projectId, `${prefix}\uffff`]));
}

/** Everything the project's encoders learnt, oldest first. */
export async function listLearntEncoders(database: Database, projectId: ProjectId): Promise<LearntEncoder[]> {
  return database.getAll("encoders", IDBKeyRange.bound([projectId], [projectId, []]));
}

/** Forgets one encoder's embeddings, their graph and what it learnt. */
export async function deleteEmbeddings(
  database: Database,
  projectId: ProjectId,
  encoderKey: string,
): Promise<void> {
  const transaction = database.transaction(["embeddings", "encoders", "graphs"], "readwrite");
  await commit(transaction, () =>
    Promise.all([
      transaction.objectStore("embeddings").delete(chunkRange(projectId, encoderKey)),
      transaction.objectStore("encoders").delete([projectId, encoderKey]),
      transaction.objectStore("graphs").delete([projectId, encoderKey]),
    ]),
  );
}

/** The stored chunks that hold any of rows `from` … `to` − 1, in order. */
export async function loadChunks(
  database: Database,
  projectId: ProjectId,
  encoderKey: string,
  from: Row,
  to: Row,
): Promise<EmbeddingChunk[]> {
  const range = IDBKeyRange.bound(
    [projectId, encoderKey, from - chunkRows + 1],
    [projectId, encoderKey, to],
    false,
    true,
  );
  const chunks = await database.getAll("embeddings", range);
  return chunks.filter(({ firstRow, rows }) => firstRow + rows > from);
}
