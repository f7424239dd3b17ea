// The embedder: brings a project's embeddings up to date, chunk by chunk, so that a closed tab loses at most
// one chunk. Learns the encoder first where it has not, and again once the project has doubled.

import { createRandom } from "../src/core/random";
import { throwIfStopped, type StopSignal } from "../src/core/errors";
import type { ProjectId } from "../src/core/ids";
import type { Item } from "../src/core/item";
import { openWhenNeeded, type Database } from "../src/storage/database";
import {
  chunkRows,
  countEmbedded,
  listLearntEncoders,
  saveChunk,
  saveLearntEncoder,
} from "../src/storage/embedding-store";
import { countItems, loadItem, loadItems } from "../src/storage/item-store";
import { loadProject } from "../src/storage/project-store";
import type { LearntEncoder } from "../src/storage/schema";
import type { EmbedderApi, EmbeddingProgress } from "./api";
import type { Encoder, EncoderState } from "./encoders/encoder";
import { defaultEncoder, encoders } from "./encoders/registry";
import { readInput, type Input } from "./read-input";
import { nextTask } from "./serve";

/** Items an encoder learns from: enough for document frequencies and means, quick for any project. */
const learningSample = 20_000;

type Report = (progress: EmbeddingProgress) => void;

export function createEmbedder(): EmbedderApi {
  const storage = openWhenNeeded();
  let stop = new AbortController();
  return {
    async embed(projectId, encoderId, seed, report) {
      // The call keeps the signal it began with: the next one must not call off its stop.
      const { signal } = (stop = new AbortController());
      const database = await storage();
      const project = await loadProject(database, projectId);
      if (!project) throw new Error("This project was deleted in another tab.");
      const encoder = encoderId === null ? defaultEncoder(project.kind) : encoders.get(encoderId);
      if (!encoder) throw new Error(`There is no encoder called "${encoderId}".`);
      return embedProject(database, projectId, encoder, seed, report, signal);
    },
    stop: () => stop.abort(),
  };
}

async function embedProject(
  database: Database,
  projectId: ProjectId,
  encoder: Encoder,
  seed: number,
  report: Report,
  stop: StopSignal,
) {
  const total = await countItems(database, projectId);
  const learnt = await learnIfNeeded(database, projectId, encoder, total, seed, report, stop);
  const { encoderKey } = learnt;
  const unreadable: string[] = [];
  let done = await countEmbedded(database, projectId, encoderKey);
  report({ step: "encoding", done, total });
  while (done < total) {
    // Chunks start at multiples of chunkRows; a short last one is made again when items have come.
    const firstRow = done - (done % chunkRows);
    const items = await loadItems(database, projectId, firstRow, firstRow + chunkRows);
    const values = await encodeChunk(
      database,
      encoder,
      learnt.state as EncoderState,
      items,
      unreadable,
      stop,
    );
    await saveChunk(database, {
      projectId,
      encoderKey,
      firstRow,
      rows: items.length,
      dims: encoder.dims,
      values: values.buffer as ArrayBuffer,
    });
    done = firstRow + items.length;
    report({ step: "encoding", done, total });
    await nextTask();
  }
  return { encoderKey, rows: done, dims: encoder.dims, unreadable };
}

/** One unreadable item must not stop the rest: it gets a row of zeros and is named. */
async function encodeChunk(
  database: Database,
  encoder: Encoder,
  state: EncoderState,
  items: readonly Item[],
  unreadable: string[],
  stop: StopSignal,
): Promise<Float32Array> {
  const inputs: Input[] = [];
  const rows: number[] = [];
  for (const [place, item] of items.entries()) {
    throwIfStopped(stop);
    const input = await readInput(database, encoder, item);
    if (input === null) unreadable.push(item.path);
    else {
      inputs.push(input);
      rows.push(place);
    }
  }
  const encoded = await (encoder.encode as (inputs: readonly Input[], state: EncoderState) => Float32Array)(
    inputs,
    state,
  );
  const values = new Float32Array(items.length * encoder.dims);
  rows.forEach((row, place) => {
    values.set(encoded.subarray(place * encoder.dims, (place + 1) * encoder.dims), row * encoder.dims);
  });
  return values;
}

async function learnIfNeeded(
  database: Database,
  projectId: ProjectId,
  encoder: Encoder,
  total: number,
  seed: number,
  report: Report,
  stop: StopSignal,
): Promise<LearntEncoder> {
  const prefix = `${encoder.id}@${encoder.version}`;
  const before = (await listLearntEncoders(database, projectId)).filter(({ encoderKey }) =>
    encoderKey.startsWith(`${prefix}/`),
  );
  const newest = before.reduce<LearntEncoder | null>(
    (a, b) => (a && a.learntFrom > b.learntFrom ? a : b),
    null,
  );
  if (newest && total < 2 * newest.learntFrom) return newest;
  const sample = sampleInputs(database, projectId, encoder, total, seed, report, stop);
  const state = await (
    encoder.learn as (items: AsyncIterable<Input>, seed: number, stop: StopSignal) => Promise<EncoderState>
  )(sample, seed, stop);
  // The number of items learnt from makes each learning a key of its own, so old embeddings stay valid.
  const learnt: LearntEncoder = {
    projectId,
    encoderKey: `${prefix}/${total}`,
    encoderId: encoder.id,
    learntFrom: total,
    state,
  };
  await saveLearntEncoder(database, learnt);
  return learnt;
}

async function* sampleInputs(
  database: Database,
  projectId: ProjectId,
  encoder: Encoder,
  total: number,
  seed: number,
  report: Report,
  stop: StopSignal,
): AsyncIterable<Input> {
  const count = Math.min(total, learningSample);
  const rows = createRandom(seed).fork("learning sample").sample(total, count);
  for (const [done, row] of rows.entries()) {
    throwIfStopped(stop);
    if (done % 64 === 0) {
      report({ step: "learning", done, total: count });
      await nextTask();
    }
    const item = await loadItem(database, projectId, row);
    const input = item && (await readInput(database, encoder, item));
    if (input !== null) yield input;
  }
}
