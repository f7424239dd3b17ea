// Embeddings in chunks, written as they are made, and what encoders learnt. Keyed by encoder, so that
// switching encoders keeps the old ones.

import type { ProjectId, Row } from "../core/ids";
import { gatherTerms, joinTerms, type TermRows } from "../core/learning/terms";
import { commit, putOne, type Database } from "./database";
import type { EmbeddingChunk, LearntEncoder } from "./schema";

/** Items in one chunk: closing the tab loses at most the work of one. */
export const chunkRows = 256;

export async function saveChunk(database: Database, chunk: EmbeddingChunk): Promise<void> {
  await putOne(database, "embeddings", chunk);
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

/** All embeddings of one encoder as one matrix; 0 × 0 where there are none. */
export async function loadEmbeddings(
  database: Database,
  projectId: ProjectId,
  encoderKey: string,
): Promise<EmbeddingMatrix> {
  const rows = await countEmbedded(database, projectId, encoderKey);
  let values = new Float32Array(0);
  let dims = 0;
  // A page of 16 MB or so at a time, so that loading never holds the matrix twice.
  const pageRows = 32 * chunkRows;
  for (let from = 0; from < rows; from += pageRows) {
    const range = IDBKeyRange.bound(
      [projectId, encoderKey, from],
      [projectId, encoderKey, from + pageRows],
      false,
      true,
    );
    for (const chunk of await database.getAll("embeddings", range)) {
      if (dims === 0) {
        dims = chunk.dims;
        values = new Float32Array(rows * dims);
      }
      // The embedder may have written on since the rows were counted.
      const wanted = Math.max(0, rows - chunk.firstRow) * dims;
      values.set(new Float32Array(chunk.values).subarray(0, wanted), Math.min(chunk.firstRow, rows) * dims);
    }
  }
  return { values, rows: dims === 0 ? 0 : rows, dims };
}

/** Chunks read at once where only a part of each is wanted. */
const pageChunks = 32;

/** The terms of all rows; null where some row has none, or not of the same number. */
export async function loadTerms(
  database: Database,
  projectId: ProjectId,
  encoderKey: string,
  rows: number,
): Promise<TermRows | null> {
  const parts: TermRows[] = [];
  for (let from = 0; from < rows; from += pageChunks * chunkRows) {
    const to = Math.min(rows, from + pageChunks * chunkRows);
    for (const { firstRow, terms } of await loadChunks(database, projectId, encoderKey, from, to)) {
      if (!terms) return null;
      // The embedder may have written on since the rows were counted.
      const wanted = Math.min(terms.rows, rows - firstRow);
      parts.push(
        wanted === terms.rows
          ? terms
          : gatherTerms(
              terms,
              Uint32Array.from({ length: wanted }, (_, at) => at),
            ),
      );
    }
  }
  const joined = joinTerms(parts);
  return joined?.rows === rows ? joined : null;
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

export async function saveLearntEncoder(database: Database, learnt: LearntEncoder): Promise<void> {
  await putOne(database, "encoders", learnt);
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

/** Forgets one encoder's embeddings and what it learnt. */
export async function deleteEmbeddings(
  database: Database,
  projectId: ProjectId,
  encoderKey: string,
): Promise<void> {
  const transaction = database.transaction(["embeddings", "encoders"], "readwrite");
  await commit(transaction, () =>
    Promise.all([
      transaction.objectStore("embeddings").delete(chunkRange(projectId, encoderKey)),
      transaction.objectStore("encoders").delete([projectId, encoderKey]),
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
