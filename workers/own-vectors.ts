// Takes in vectors that were computed elsewhere: finds the item of each, keeps them as embeddings of the project,
// and accounts for what did not fit.

import { throwIfStopped, type StopSignal } from "../src/core/errors";
import type { ProjectId } from "../src/core/ids";
import { accountLimit, vectorsIdOf, type VectorAccount } from "../src/core/own-vectors";
import type { ItemKind } from "../src/core/project";
import { UnreadableFile } from "../src/formats/reader";
import { createMatcher, type FindRow } from "../src/formats/vectors/match";
import { openVectors } from "../src/formats/vectors/open-vectors";
import type { VectorBlock } from "../src/formats/vectors/vector-file";
import type { Database } from "../src/storage/database";
import {
  chunkRows,
  countEmbedded,
  deleteEmbeddings,
  loadChunk,
  loadLearntEncoder,
  saveChunk,
  saveLearntEncoder,
} from "../src/storage/embedding-store";
import { countItems, loadItems } from "../src/storage/item-store";
import type { Embedded, EmbeddingProgress } from "./api";
import { scaleToUnitLength } from "./encoders/projection/unit-length";
import { hashBytes } from "./importing/hash";
import { nextTask } from "./serve";

type Report = (progress: EmbeddingProgress) => void;
const pageItems = 5000;

/**
 * Keeps the vectors of these files beside the embeddings there are; nothing uses them until the project is told to.
 * @throws UnreadableFile where no item gets one, or the files are none of vectors; Stopped, StorageFull.
 */
export async function importVectors(
  database: Database,
  projectId: ProjectId,
  kind: ItemKind,
  files: readonly File[],
  report: Report,
  stop: StopSignal,
): Promise<VectorAccount> {
  const sources = await openVectors(files, stop);
  const { dims } = sources[0]!.open;
  const paths = await readPaths(database, projectId);
  const total = paths.paths.length;
  const intake = new Intake(total, dims, matcherFor(paths.find, kind));
  const rows = sources.reduce((sum, { open }) => sum + (open.rows ?? 0), 0);
  let done = 0;
  for (const { what, open } of sources) {
    if (!open.named) throwIfOtherCount(what, open.rows ?? 0, total);
    for await (const block of open.blocks(stop)) {
      await intake.take(block);
      done += block.rows;
      report({ step: "encoding", done, total: Math.max(rows, done) });
      await nextTask();
      throwIfStopped(stop);
    }
  }
  const account = intake.account(vectorsIdOf(crypto.randomUUID()), nameOf(files), paths.paths);
  if (account.matched === 0) throw new UnreadableFile(whyNone(account));
  await keep(database, projectId, account, intake.values, stop);
  return account;
}

function throwIfOtherCount(what: string, rows: number, items: number): void {
  if (rows !== items)
    throw new UnreadableFile(
      `${what} has no names and holds ${rows.toLocaleString("en")} vectors, but the project has ${items.toLocaleString("en")} items. Save the names with the vectors (.npz, Parquet or CSV), or add a .txt of names, one a line.`,
    );
}

function whyNone({ unknownNames, faulty, problems }: VectorAccount): string {
  if (faulty > 0 && unknownNames.length === 0)
    return `None of the vectors can be used. ${problems[0] ?? ""}`.trim();
  return `None of the names in the file is one of this project's items. The file calls one "${unknownNames[0] ?? ""}"; items are found by path, file name or id.`;
}

function nameOf(files: readonly File[]): string {
  const [first] = files;
  return files.length === 1 ? first!.name : `${first!.name} and ${files.length - 1} more`;
}

async function readPaths(
  database: Database,
  projectId: ProjectId,
): Promise<{ readonly paths: readonly string[]; readonly find: FindRow }> {
  const total = await countItems(database, projectId);
  const paths: string[] = [];
  const named: { itemId: string; name: string; path: string }[] = [];
  for (let from = 0; from < total; from += pageItems)
    for (const { itemId, name, path, kind } of await loadItems(database, projectId, from, from + pageItems)) {
      // Texts of one table share its path and are told apart by their place in it.
      const full = kind === "text" ? `${path}/${name}` : path;
      paths.push(full);
      named.push({ itemId, name, path: full });
    }
  return { paths, find: createMatcher(named) };
}

/** A text may also be named by itself. */
function matcherFor(find: FindRow, kind: ItemKind): (name: string) => Promise<ReturnType<FindRow>> {
  const encoder = new TextEncoder();
  return async (name) => {
    const row = find(name);
    if (row !== null || kind !== "text" || name === "") return row;
    return find(await hashBytes(encoder.encode(name).buffer as ArrayBuffer));
  };
}

/** The matrix as it fills, and what did not fit. */
class Intake {
  readonly values: Float32Array;
  readonly #dims: number;
  readonly #find: (name: string) => Promise<ReturnType<FindRow>>;
  readonly #has: Uint8Array;
  readonly #unknownNames: string[] = [];
  readonly #problems: string[] = [];
  #matched = 0;
  #unknown = 0;
  #ambiguous = 0;
  #repeated = 0;
  #faulty = 0;

  constructor(items: number, dims: number, find: (name: string) => Promise<ReturnType<FindRow>>) {
    try {
      this.values = new Float32Array(items * dims);
    } catch (cause) {
      throw new UnreadableFile(
        `${items.toLocaleString("en")} items of ${dims} numbers each do not fit this computer's memory. Save shorter vectors.`,
        { cause },
      );
    }
    this.#dims = dims;
    this.#find = find;
    this.#has = new Uint8Array(items);
  }

  async take(block: VectorBlock): Promise<void> {
    this.#faulty += block.problems.length;
    for (const { message } of block.problems)
      if (this.#problems.length < accountLimit) this.#problems.push(message);
    for (let row = 0; row < block.rows; row++) {
      const vector = block.values.subarray(row * this.#dims, (row + 1) * this.#dims);
      // Rows that cannot be used are 0 and accounted for above.
      if (vector.every((value) => value === 0)) continue;
      const name = block.names?.[row];
      const item = name === undefined ? block.firstRow + row : await this.#find(name);
      if (typeof item === "number") this.#put(item, vector);
      else if (item === "several") this.#ambiguous++;
      else {
        this.#unknown++;
        if (this.#unknownNames.length < accountLimit) this.#unknownNames.push(name ?? "");
      }
    }
  }

  #put(item: number, vector: Float32Array): void {
    if (this.#has[item]) {
      this.#repeated++;
      return;
    }
    this.#has[item] = 1;
    this.#matched++;
    const place = this.values.subarray(item * this.#dims, (item + 1) * this.#dims);
    place.set(vector);
    scaleToUnitLength(place);
  }

  account(id: string, source: string, paths: readonly string[]): VectorAccount {
    const missing: string[] = [];
    for (let item = 0; item < paths.length && missing.length < accountLimit; item++)
      if (!this.#has[item]) missing.push(paths[item]!);
    return {
      id,
      source,
      dims: this.#dims,
      matched: this.#matched,
      items: paths.length,
      missing,
      unknown: this.#unknown,
      unknownNames: this.#unknownNames,
      ambiguous: this.#ambiguous,
      repeated: this.#repeated,
      faulty: this.#faulty,
      problems: this.#problems,
    };
  }
}

/** The account goes in last: a set without one was cut short and is never offered. */
async function keep(
  database: Database,
  projectId: ProjectId,
  account: VectorAccount,
  values: Float32Array,
  stop: StopSignal,
): Promise<void> {
  const { id: encoderKey, dims, items } = account;
  try {
    for (let firstRow = 0; firstRow < items; firstRow += chunkRows) {
      throwIfStopped(stop);
      const rows = Math.min(chunkRows, items - firstRow);
      const own = values.slice(firstRow * dims, (firstRow + rows) * dims);
      await saveChunk(database, { projectId, encoderKey, firstRow, rows, dims, values: own.buffer });
    }
    await saveLearntEncoder(database, {
      projectId,
      encoderKey,
      encoderId: encoderKey,
      learntFrom: items,
      state: account,
    });
  } catch (error) {
    await deleteEmbeddings(database, projectId, encoderKey);
    throw error;
  }
}

/**
 * The vectors as the project's embeddings. Items that came since have none: their rows are 0 and the note says so;
 * nothing is computed in their place.
 * @throws where the set is not in this project.
 */
export async function useVectors(
  database: Database,
  projectId: ProjectId,
  encoderKey: string,
  report: Report,
): Promise<Embedded> {
  const account = (await loadLearntEncoder(database, projectId, encoderKey))?.state as
    VectorAccount | undefined;
  if (!account)
    throw new Error(
      "The vectors this project uses are not on this computer. Give the file again under Settings, or choose an encoder there.",
    );
  const { dims, matched } = account;
  const total = await countItems(database, projectId);
  let done = await countEmbedded(database, projectId, encoderKey);
  report({ step: "encoding", done, total });
  while (done < total) {
    const firstRow = done - (done % chunkRows);
    const rows = Math.min(chunkRows, total - firstRow);
    const values = new Float32Array(rows * dims);
    const before = await loadChunk(database, projectId, encoderKey, firstRow);
    if (before) values.set(new Float32Array(before.values).subarray(0, rows * dims));
    await saveChunk(database, { projectId, encoderKey, firstRow, rows, dims, values: values.buffer });
    done = firstRow + rows;
    report({ step: "encoding", done, total });
  }
  const without = total - matched;
  const note =
    without > 0
      ? `${without.toLocaleString("en")} of ${total.toLocaleString("en")} items have no vector in ${account.source}, so the model learns nothing from them. Give a file that has all, or choose another encoder.`
      : null;
  return { encoderKey, rows: done, dims, unreadable: [], note };
}
