// The embedder: brings a project's embeddings up to date, chunk by chunk, so that a closed tab loses at most
// one chunk. Learns the encoder first where it has not, and again once the project has doubled.

import type { StopSignal } from "../src/core/errors";
import type { ProjectId } from "../src/core/ids";
import { joinTerms, placeTerms, type TermRows } from "../src/core/learning/terms";
import type { Item } from "../src/core/item";
import { isVectorsId } from "../src/core/own-vectors";
import { isModelId } from "../src/core/pretrained";
import type { ItemKind } from "../src/core/project";
import { openWhenNeeded, type Database } from "../src/storage/database";
import { chunkRows, countEmbedded, countWithTerms, saveChunk } from "../src/storage/embedding-store";
import { countItems, loadItem, loadItems } from "../src/storage/item-store";
import { saveModel } from "../src/storage/model-store";
import { loadProject, ProjectDeleted } from "../src/storage/project-store";
import { compareEncoders } from "./compare-encoders";
import { countsTerms, encodeInputs, type Encoded } from "./encode-inputs";
import type { EmbedderApi, EmbeddingProgress } from "./api";
import { openInputReader, type InputReader } from "./decoding/input-reader";
import type { Encoder, EncoderState } from "./encoders/encoder";
import { defaultEncoder, encoders } from "./encoders/registry";
import type { PretrainedEncoder } from "./encoders/pretrained/open-pretrained";
import {
  addModel,
  joinStoredModel,
  loadStoredModel,
  openStoredModel,
  previewImage,
  surveyModel,
} from "./models";
import { learnIfNeeded } from "./learn-encoder";
import { importVectors, useVectors } from "./own-vectors";
import { readPixels, type Input } from "./read-input";
import { nextTask } from "./serve";
import { surveyTuning, tuneEncoder } from "./tune-encoder";

type Report = (progress: EmbeddingProgress) => void;

interface FoundEncoder {
  readonly encoder: Encoder;
  /** Where its embeddings are kept; null where that depends on what it learns. */
  readonly encoderKey: string | null;
  readonly device: string;
  /** Something to know about where it runs, for the person. */
  readonly note: string | null;
}

export function createEmbedder(): EmbedderApi {
  const storage = openWhenNeeded();
  let stop = new AbortController();
  const reader = openInputReader(storage);
  // Stays open between calls: loading a model takes longer than a chunk.
  let pretrained: { readonly id: string; readonly opened: PretrainedEncoder } | null = null;

  async function find(database: Database, kind: ItemKind, encoderId: string | null): Promise<FoundEncoder> {
    if (encoderId !== null && isModelId(encoderId)) {
      if (pretrained?.id !== encoderId) {
        pretrained?.opened.close();
        pretrained = null;
        pretrained = { id: encoderId, opened: await openStoredModel(database, encoderId) };
      }
      return pretrained.opened;
    }
    const encoder = encoderId === null ? defaultEncoder(kind) : encoders.get(encoderId);
    if (!encoder)
      throw new Error(`There is no encoder called "${encoderId}". Choose another under Settings.`);
    return { encoder, encoderKey: null, device: "cpu", note: null };
  }

  return {
    async embed(projectId, encoderId, seed, report) {
      // The call keeps the signal it began with: the next one must not call off its stop.
      const { signal } = (stop = new AbortController());
      const database = await storage();
      const project = await loadProject(database, projectId);
      if (!project) throw new ProjectDeleted();
      if (encoderId !== null && isVectorsId(encoderId))
        return useVectors(database, projectId, encoderId, report);
      const found = await find(database, project.kind, encoderId);
      try {
        return await embedProject({ database, reader, projectId }, found, seed, report, signal);
      } finally {
        reader.close();
      }
    },
    listBuiltIn: (kind) =>
      [...encoders.values()]
        .filter((encoder) => encoder.kind === kind)
        .map((encoder) => {
          const { id, label, summary } = encoder;
          return { id, label, summary, isDefault: encoder === defaultEncoder(kind) };
        }),
    surveyModel,
    async previewModel(projectId, row, input) {
      const database = await storage();
      const item = await loadItem(database, projectId, row);
      const image = item && (await readPixels(database, item, 2 * Math.max(input.width, input.height)));
      return image && previewImage(image, input);
    },
    joinTfjs: async (modelId, head) => joinStoredModel(await storage(), modelId, head),
    addModel: async (files, kind, choice) => addModel(await storage(), files, kind, choice, Date.now()),
    async compareEncoders(projectId, input, report) {
      const { signal } = (stop = new AbortController());
      const database = await storage();
      const project = await loadProject(database, projectId);
      if (!project) throw new ProjectDeleted();
      const total = await countItems(database, projectId);
      const source = { database, reader, projectId };
      const comparing = compareEncoders(input, {
        async open(encoderId) {
          const found = await find(database, project.kind, encoderId);
          const encoding = await prepare(source, found, total, input.seed, () => {}, signal);
          return {
            dims: found.encoder.dims,
            device: found.device,
            encode: (items) => encodeAll(encoding, items),
          };
        },
        load: (row) => loadItem(database, projectId, row),
        now: () => performance.now(),
        report: (done) => report(done, input.encoderIds.length),
        stop: signal,
      });
      return comparing.finally(() => reader.close());
    },
    async importVectors(projectId, files, report) {
      const { signal } = (stop = new AbortController());
      const database = await storage();
      const project = await loadProject(database, projectId);
      if (!project) throw new ProjectDeleted();
      return importVectors(database, projectId, project.kind, files, report, signal);
    },
    async surveyTuning(modelId) {
      const { model, folder } = await loadStoredModel(await storage(), modelId);
      return surveyTuning(model, folder);
    },
    async tune(projectId, input, report) {
      const { signal } = (stop = new AbortController());
      const database = await storage();
      return tuneEncoder(input, {
        ...(await loadStoredModel(database, input.modelId)),
        read: (item, maxSide) => readPixels(database, item, maxSide),
        load: (row) => loadItem(database, projectId, row),
        save: (model, folder) => saveModel(database, model, (path) => folder.blob(path)),
        now: () => performance.now(),
        date: () => Date.now(),
        report,
        stop: signal,
      });
    },
    stop: () => stop.abort(),
  };
}

/** The project whose items are embedded, and how they are read. */
interface Source {
  readonly database: Database;
  readonly reader: InputReader;
  readonly projectId: ProjectId;
}

interface Encoding extends Source {
  readonly encoder: Encoder;
  readonly encoderKey: string;
  readonly state: EncoderState;
  readonly isPretrained: boolean;
  readonly stop: StopSignal;
}

async function encodeAll(encoding: Encoding, items: readonly Item[]): Promise<Float32Array> {
  const { dims, batchItems = chunkRows } = encoding.encoder;
  const values = new Float32Array(items.length * dims);
  for await (const { from, encoded } of encodeInBatches(encoding, items, batchItems, []))
    values.set(encoded.values, from * dims);
  return values;
}

/** Reading goes on ahead while a batch is encoded. */
async function* encodeInBatches(
  encoding: Encoding,
  items: readonly Item[],
  batchItems: number,
  unreadable: string[],
): AsyncGenerator<{ readonly from: number; readonly encoded: Encoded }> {
  const inputs = encoding.reader.read(encoding.encoder, items, encoding.stop);
  for (let from = 0; from < items.length; from += batchItems) {
    const encoded = await encodeItems(encoding, items.slice(from, from + batchItems), inputs, unreadable);
    yield { from, encoded };
    await nextTask();
  }
}

/** Learns first where there is something to learn: one that came trained has nothing. */
async function prepare(
  source: Source,
  { encoder, encoderKey }: FoundEncoder,
  total: number,
  seed: number,
  report: Report,
  stop: StopSignal,
): Promise<Encoding> {
  const isPretrained = encoderKey !== null;
  const learnt = isPretrained
    ? { encoderKey, state: {} }
    : await learnIfNeeded(source, encoder, total, seed, report, stop);
  const state = learnt.state as EncoderState;
  return { ...source, encoder, encoderKey: learnt.encoderKey, state, isPretrained, stop };
}

async function embedProject(
  source: Source,
  found: FoundEncoder,
  seed: number,
  report: Report,
  stop: StopSignal,
) {
  const { database, projectId } = source;
  const { encoder, note } = found;
  const total = await countItems(database, projectId);
  const encoding = await prepare(source, found, total, seed, report, stop);
  const { encoderKey } = encoding;
  const unreadable: string[] = [];
  let done = await countEmbedded(database, projectId, encoderKey);
  if (countsTerms(encoder)) done = await countWithTerms(database, projectId, encoderKey, done);
  report({ step: "encoding", done, total });
  while (done < total) {
    // Chunks start at multiples of chunkRows; a short last one is made again when items have come.
    const firstRow = done - (done % chunkRows);
    const items = await loadItems(database, projectId, firstRow, firstRow + chunkRows);
    const values = new Float32Array(items.length * encoder.dims);
    const step = encoder.batchItems ?? chunkRows;
    const parts: TermRows[] = [];
    for await (const { from, encoded } of encodeInBatches(encoding, items, step, unreadable)) {
      values.set(encoded.values, from * encoder.dims);
      if (encoded.terms) parts.push(encoded.terms);
      if (from + step < items.length) report({ step: "encoding", done: firstRow + from + step, total });
    }
    const terms = joinTerms(parts);
    await saveChunk(database, {
      projectId,
      encoderKey,
      firstRow,
      rows: items.length,
      dims: encoder.dims,
      values: values.buffer as ArrayBuffer,
      ...(terms && { terms }),
    });
    done = firstRow + items.length;
    report({ step: "encoding", done, total });
  }
  return { encoderKey, rows: done, dims: encoder.dims, unreadable, note };
}

/**
 * Takes as many inputs as there are items. One unreadable item must not stop the rest: it gets a row of zeros and is
 * named. So is one for which a pretrained model gives no numbers.
 */
async function encodeItems(
  { encoder, state, isPretrained }: Encoding,
  items: readonly Item[],
  coming: AsyncGenerator<Input | null>,
  unreadable: string[],
): Promise<Encoded> {
  const inputs: Input[] = [];
  const rows: number[] = [];
  for (const [place, item] of items.entries()) {
    const { value: input } = (await coming.next()) as IteratorResult<Input | null, null>;
    if (input === null) unreadable.push(item.path);
    else {
      inputs.push(input);
      rows.push(place);
    }
  }
  const { values: encoded, terms } = await encodeInputs(encoder, inputs, state);
  const values = new Float32Array(items.length * encoder.dims);
  rows.forEach((row, place) => {
    const own = encoded.subarray(place * encoder.dims, (place + 1) * encoder.dims);
    values.set(own, row * encoder.dims);
    if (isPretrained && own.every((value) => value === 0)) unreadable.push(items[row]!.path);
  });
  return { values, terms: terms && placeTerms(terms, rows, items.length) };
}
