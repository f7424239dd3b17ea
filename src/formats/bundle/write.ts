// Writes a bundle as a stream: parts small enough to hold and to hash, images one by one, the manifest last.

import { throwIfStopped, type StopSignal } from "../../core/errors";
import type { LabelEvent } from "../../core/event";
import type { ItemId } from "../../core/ids";
import type { PretrainedModel } from "../../core/pretrained";
import type { Project } from "../../core/project";
import { zipStream, type NewEntry } from "../zip-stream";
import { sha256 } from "./hash";
import { manifestJson, manifestPath, type Part } from "./manifest";
import { pack } from "./packed";
import type { BundledChunk, BundledDetail, BundledEncoder, BundledItem, BundledRound } from "./records";

/** Lines in one part: a few megabytes at most, in memory and for whoever reads it. */
const partLines = 5000;
const partCharacters = 8_000_000;
/** Of an encoder's file in one part: in memory at once, and hashed. */
const pieceBytes = 32 * 1024 * 1024;

export interface BundleSource {
  readonly project: Project;
  readonly appVersion: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly annotator: string;
  events(): AsyncIterable<LabelEvent> | Iterable<LabelEvent>;
  /** In the order of their rows; null for a bundle of answers only, which has no rounds either. */
  readonly items: (() => AsyncIterable<BundledItem>) | null;
  /** null where they are lost; the item then goes in without. */
  content(itemId: ItemId): Promise<ArrayBuffer | null>;
  thumbnail(itemId: ItemId): Promise<ArrayBuffer | null>;
  rounds(): AsyncIterable<{ readonly summary: BundledRound; readonly detail: BundledDetail | null }>;
  /** Pretrained encoders with their files; left out where they are not wanted. */
  readonly models?: () => AsyncIterable<{ readonly model: PretrainedModel; file(path: string): Blob }>;
  /** null where they are not wanted. */
  readonly embeddings: {
    encoders(): AsyncIterable<BundledEncoder>;
    chunks(): AsyncIterable<BundledChunk>;
  } | null;
}

/** @throws Stopped */
export function writeBundle(
  source: BundleSource,
  stop: StopSignal | null,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  return zipStream(entriesOf(source, stop), source.createdAt, stop);
}

async function* entriesOf(source: BundleSource, stop: StopSignal | null): AsyncGenerator<NewEntry> {
  const { project } = source;
  const parts: Part[] = [];
  const part = async (path: string, bytes: Uint8Array<ArrayBuffer>, stored = false): Promise<NewEntry> => {
    throwIfStopped(stop);
    parts.push({ path, sizeBytes: bytes.length, sha256: await sha256(bytes) });
    return { path, content: bytes, stored };
  };
  const counts = { items: 0, events: 0, rounds: 0 };

  yield part("project.json", new TextEncoder().encode(JSON.stringify(project)));
  for await (const { path, bytes, count } of inParts("events", source.events())) {
    counts.events += count;
    yield part(path, bytes);
  }
  if (source.items) {
    for await (const { path, bytes, count } of inParts("items", source.items())) {
      counts.items += count;
      yield part(path, bytes);
    }
    yield* contentsOf(source, stop);
    for await (const { summary, detail } of source.rounds()) {
      counts.rounds += 1;
      yield part(`rounds/${summary.number}.packed`, pack({ summary, detail }));
    }
    let number = 0;
    for await (const { model, file } of source.models?.() ?? []) {
      const folder = `models/${number++}`;
      yield part(`${folder}.packed`, pack(model));
      for (const [place, { path }] of model.files.entries())
        for (const [piece, bytes] of piecesOf(file(path)).entries())
          yield part(`${folder}/${place}/${piece}`, new Uint8Array(await bytes.arrayBuffer()), true);
    }
    if (source.embeddings) {
      let at = 0;
      for await (const encoder of source.embeddings.encoders())
        yield part(`encoders/${at++}.packed`, pack(encoder), true);
      at = 0;
      for await (const chunk of source.embeddings.chunks())
        yield part(`embeddings/${at++}.packed`, pack(chunk), true);
    }
  }
  const { id, name, kind, answerMode } = project;
  const { appVersion, createdAt, annotator } = source;
  const holds = { items: source.items !== null, embeddings: source.embeddings !== null };
  const manifest = {
    appVersion,
    createdAt,
    annotator,
    project: { id, name, kind, answerMode },
    holds,
    counts,
    parts,
  };
  yield { path: manifestPath, content: manifestJson(manifest) };
}

function piecesOf(file: Blob): Blob[] {
  return Array.from({ length: Math.ceil(file.size / pieceBytes) }, (_, piece) =>
    file.slice(piece * pieceBytes, (piece + 1) * pieceBytes),
  );
}

/** The images' own bytes, under their hash; texts lie in the parts of the items. */
async function* contentsOf(source: BundleSource, stop: StopSignal | null): AsyncGenerator<NewEntry> {
  if (source.project.kind !== "image") return;
  for await (const { itemId, thumbnail } of source.items!()) {
    throwIfStopped(stop);
    const bytes = await source.content(itemId);
    if (bytes) yield { path: `contents/${itemId}`, content: new Uint8Array(bytes), stored: true };
    const small = thumbnail && (await source.thumbnail(itemId));
    if (small) yield { path: `thumbnails/${itemId}`, content: new Uint8Array(small), stored: true };
  }
}

interface Lines {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly count: number;
}

async function* inParts(
  folder: string,
  records: AsyncIterable<unknown> | Iterable<unknown>,
): AsyncGenerator<Lines> {
  let lines: string[] = [];
  let characters = 0;
  let number = 0;
  const flush = (): Lines => {
    const bytes = new TextEncoder().encode(lines.join(""));
    const made = { path: `${folder}/${number++}.jsonl`, bytes, count: lines.length };
    lines = [];
    characters = 0;
    return made;
  };
  for await (const record of records) {
    const line = `${JSON.stringify(record)}\n`;
    lines.push(line);
    characters += line.length;
    if (lines.length >= partLines || characters >= partCharacters) yield flush();
  }
  if (lines.length > 0) yield flush();
}
