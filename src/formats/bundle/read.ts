// Reads a bundle part by part and believes nothing: each part must have the size and hash the manifest gives it,
// each image the hash that is its name, each record the shape of one.

import { throwIfStopped, type StopSignal } from "../../core/errors";
import type { LabelEvent } from "../../core/event";
import type { ItemId } from "../../core/ids";
import type { PretrainedModel } from "../../core/pretrained";
import type { Project } from "../../core/project";
import { UnreadableFile } from "../reader";
import { openZip, type ZipArchive, type ZipEntry } from "../zip";
import { BundleDamaged, BundleRefused } from "./damaged";
import { sha256 } from "./hash";
import { manifestPath, parseManifest, type Manifest, type Part } from "./manifest";
import { readModelRecord, type BundledModel } from "./model-record";
import { unpack } from "./packed";
import {
  readChunk,
  readDetail,
  readEncoder,
  readEvent,
  readItem,
  readProject,
  readRound,
  type BundledChunk,
  type BundledDetail,
  type BundledEncoder,
  type BundledItem,
  type BundledRound,
} from "./records";
import { upgradeRound } from "./versions";

const maxManifestBytes = 256 * 1024 * 1024;
/** Parts are a few megabytes; an encoder's state the largest. */
const maxPartBytes = 512 * 1024 * 1024;
/** As at import. */
const maxImageBytes = 512 * 1024 * 1024;

/** Every method throws BundleDamaged where its part is not what the manifest says, or Stopped. */
export interface Bundle {
  readonly manifest: Manifest;
  project(): Promise<Project>;
  events(): AsyncIterable<readonly LabelEvent[]>;
  /** In the order of their rows. */
  items(): AsyncIterable<readonly BundledItem[]>;
  /** The image, or null where it is missing or its bytes are not those its name promises. */
  content(itemId: ItemId): Promise<Uint8Array<ArrayBuffer> | null>;
  thumbnail(itemId: ItemId): Promise<Uint8Array<ArrayBuffer> | null>;
  rounds(): AsyncIterable<{ readonly summary: BundledRound; readonly detail: BundledDetail | null }>;
  models(): AsyncIterable<BundledModel>;
  encoders(): AsyncIterable<BundledEncoder>;
  chunks(): AsyncIterable<BundledChunk>;
  close(): Promise<void>;
}

/** @throws BundleDamaged; BundleRefused where the file is no bundle, or one of a newer Askwell. */
export async function openBundle(file: Blob, name: string, stop: StopSignal | null): Promise<Bundle> {
  const archive = await openArchive(file, name, stop);
  const entries = new Map<string, ZipEntry>();
  for (const entry of archive.entries) {
    if (entries.has(entry.path)) throw new BundleDamaged(entry.path, "is there twice");
    if (!entry.directory) entries.set(entry.path, entry);
  }
  const found = entries.get(manifestPath);
  if (!found)
    throw new BundleRefused(
      `${name} is a zip archive but no Askwell bundle: it has no manifest. Choose a file that was saved with “Export the project”.`,
    );
  const manifest = parseManifest(
    new TextDecoder().decode(await read(found, manifestPath, maxManifestBytes, stop)),
  );
  return new OpenBundle(archive, entries, manifest, stop);
}

async function openArchive(file: Blob, name: string, stop: StopSignal | null): Promise<ZipArchive> {
  try {
    return await openZip(file, stop);
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    throw new BundleRefused(
      `${name} is no Askwell bundle, or it was cut short when it was copied or downloaded. Nothing was changed. Copy it again, or ask for a new one.`,
      { cause: error },
    );
  }
}

class OpenBundle implements Bundle {
  readonly manifest: Manifest;
  readonly #archive: ZipArchive;
  readonly #entries: ReadonlyMap<string, ZipEntry>;
  readonly #stop: StopSignal | null;

  constructor(
    archive: ZipArchive,
    entries: ReadonlyMap<string, ZipEntry>,
    manifest: Manifest,
    stop: StopSignal | null,
  ) {
    this.#archive = archive;
    this.#entries = entries;
    this.#stop = stop;
    this.manifest = manifest;
  }

  async project(): Promise<Project> {
    const [part] = this.#parts("project.json");
    if (!part) throw new BundleDamaged("project.json", "is missing");
    const project = readProject(parseLine(decode(await this.#part(part)), part.path), part.path);
    if (project.id !== this.manifest.project.id || project.kind !== this.manifest.project.kind)
      throw new BundleDamaged(part.path, "is of another project than the manifest says");
    return project;
  }

  events(): AsyncIterable<readonly LabelEvent[]> {
    return this.#lines("events/", readEvent);
  }

  items(): AsyncIterable<readonly BundledItem[]> {
    return this.#lines("items/", readItem);
  }

  content(itemId: ItemId): Promise<Uint8Array<ArrayBuffer> | null> {
    return this.#own(`contents/${itemId}`, itemId);
  }

  thumbnail(itemId: ItemId): Promise<Uint8Array<ArrayBuffer> | null> {
    return this.#own(`thumbnails/${itemId}`, null);
  }

  async *rounds() {
    for (const part of this.#parts("rounds/")) {
      const { path } = part;
      const pair = upgradeRound(unpack(await this.#part(part), path), this.manifest.version, path);
      yield {
        summary: readRound(pair.summary, path),
        detail: pair.detail === null ? null : readDetail(pair.detail, path),
      };
    }
  }

  async *models() {
    for (const part of this.#parts("models/").filter(({ path }) => path.endsWith(".packed"))) {
      const { path } = part;
      const model = readModelRecord(unpack(await this.#part(part), path), path);
      const folder = path.slice(0, -".packed".length);
      yield { model, file: (place: number) => this.#modelFile(model, `${folder}/${place}/`, place) };
    }
  }

  async *encoders() {
    for (const part of this.#parts("encoders/"))
      yield readEncoder(unpack(await this.#part(part), part.path), part.path);
  }

  async *chunks() {
    for (const part of this.#parts("embeddings/"))
      yield readChunk(unpack(await this.#part(part), part.path), part.path);
  }

  close(): Promise<void> {
    return this.#archive.close();
  }

  #parts(folder: string): readonly Part[] {
    return this.manifest.parts.filter(({ path }) => path.startsWith(folder));
  }

  async *#lines<T>(
    folder: string,
    readOne: (value: unknown, path: string) => T,
  ): AsyncGenerator<readonly T[]> {
    for (const part of this.#parts(folder)) {
      const { path } = part;
      const lines = decode(await this.#part(part)).split("\n");
      yield lines.filter((line) => line !== "").map((line) => readOne(parseLine(line, path), path));
    }
  }

  async #part({ path, sizeBytes, sha256: promised }: Part): Promise<Uint8Array<ArrayBuffer>> {
    throwIfStopped(this.#stop);
    const entry = this.#entries.get(path);
    if (!entry) throw new BundleDamaged(path, "is missing");
    const bytes = await read(entry, path, Math.min(maxPartBytes, sizeBytes), this.#stop);
    if (bytes.length !== sizeBytes || (await sha256(bytes)) !== promised)
      throw new BundleDamaged(path, "is not what its manifest promises");
    return bytes;
  }

  async #modelFile({ files }: PretrainedModel, folder: string, place: number): Promise<Blob> {
    const pieces: Blob[] = [];
    // As Blobs, so that the browser may move large encoders to disk.
    for (const part of this.#parts(folder)) pieces.push(new Blob([await this.#part(part)]));
    const whole = new Blob(pieces);
    if (whole.size !== files[place]?.sizeBytes)
      throw new BundleDamaged(folder, "is not as long as its encoder says");
    return whole;
  }

  /** One damaged image must not keep the rest out, so it is null and the caller names it. */
  async #own(path: string, promised: string | null): Promise<Uint8Array<ArrayBuffer> | null> {
    throwIfStopped(this.#stop);
    const entry = this.#entries.get(path);
    if (!entry) return null;
    try {
      const bytes = await entry.read(maxImageBytes, this.#stop);
      return promised === null || (await sha256(bytes)) === promised ? bytes : null;
    } catch (error) {
      if (error instanceof Error && error.name === "AbortError") throw error;
      return null;
    }
  }
}

async function read(
  entry: ZipEntry,
  path: string,
  limitBytes: number,
  stop: StopSignal | null,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await entry.read(limitBytes, stop);
  } catch (error) {
    if (error instanceof Error && error.name === "AbortError") throw error;
    throw new BundleDamaged(path, "cannot be unpacked, or is larger than it should be");
  }
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function parseLine(line: string, path: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new BundleDamaged(path, "cannot be read");
  }
}
