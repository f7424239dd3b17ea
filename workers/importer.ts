// An importer: reads, hashes, checks, decodes and stores images and texts. Several run at once; storage
// gives out the rows, so they need not know of each other.

import { createIdMaker, type ItemId } from "../src/core/ids";
import { throwIfStopped } from "../src/core/errors";
import { joinClasses } from "../src/formats/class-list";
import { readerFor, recogniseBytes } from "../src/formats/reader-registry";
import { UnreadableFile, type Problem, type TextReader, type TextRow } from "../src/formats/reader";
import { openZip, ZipEntryError, type ZipArchive } from "../src/formats/zip";
import { openWhenNeeded } from "../src/storage/database";
import { addItems, findItems, type Duplicate, type NewItem } from "../src/storage/item-store";
import type { ImportProblem } from "../src/storage/schema";
import type { ImageSource, ImporterApi, TableSurvey } from "./api";
import { hashBytes } from "./importing/hash";
import { answersOf, newImage, newText } from "./importing/new-item";
import { UnusableImage } from "./importing/prepare-image";
import { readDocument, UnusableDocument } from "./importing/read-document";

/** Different values of a column past which it is no class column, whatever its name. */
const surveyLimit = 500;
/** A file longer than this is no image somebody labels; it would have to be held whole to be decoded. */
const maxImageBytes = 512 * 1024 * 1024;
/** A table inside an archive is unpacked whole, unlike one beside it. */
const maxTableBytes = 512 * 1024 * 1024;

export function createImporter(): ImporterApi {
  const archives = new Map<string, ZipArchive>();
  const nextId = createIdMaker({ now: () => Date.now(), random: trueRandom });
  const storage = openWhenNeeded();
  let stop = new AbortController();

  /** A call keeps the signal it began with: the next one must not call off its stop. */
  function begin(): AbortSignal {
    stop = new AbortController();
    return stop.signal;
  }

  return {
    async previewTable(file, hasHeader) {
      const reader = await chooseReader(file);
      return { format: reader.label, preview: await reader.preview(file, hasHeader) };
    },

    async surveyTable(file, choice) {
      const signal = begin();
      const reader = await chooseReader(file);
      const counts = new Map<string, number>();
      let rows = 0;
      for await (const batch of reader.read(file, choice, signal)) {
        rows += batch.rows.length;
        for (const { given, answers = [] } of batch.rows) {
          if (given !== null) counts.set(given, (counts.get(given) ?? 0) + 1);
          // Classes that an earlier annotator named and a later one did not are classes all the same.
          for (const name of answers.flatMap(({ classes }) => classes))
            if (!counts.has(joinClasses([name]))) counts.set(joinClasses([name]), 0);
        }
        if (counts.size > surveyLimit) break;
      }
      return summarise(counts, rows);
    },

    async listArchive(file) {
      const { entries, problems, close } = await openZip(file);
      const files = entries.flatMap(({ path, sizeBytes, directory, encrypted }, entry) =>
        directory || encrypted ? [] : [{ entry, path, sizeBytes }],
      );
      await close();
      return { entries: files, problems };
    },

    async extractEntry(file, entry) {
      const archive = await openZip(file);
      try {
        const found = archive.entries[entry];
        if (!found) throw new UnreadableFile(`${file.name} changed while it was read; drop it again.`);
        return new File([await found.read(maxTableBytes)], found.path.slice(found.path.lastIndexOf("/") + 1));
      } finally {
        await archive.close();
      }
    },

    async readRows(file, choice, report) {
      const signal = begin();
      const reader = await chooseReader(file);
      for await (const { rows, problems } of reader.read(file, choice, signal)) {
        throwIfStopped(signal);
        // Waited for: what comes after this call has ended is not heard any more.
        if (rows.length > 0 || problems.length > 0) await report(rows, problems);
      }
    },

    async openArchive(archiveId, file) {
      archives.set(archiveId, await openZip(file));
    },

    async importImages({ projectId, sources, labels }) {
      const signal = begin();
      const database = await storage();
      const problems: ImportProblem[] = [];
      const ready: NewItem[] = [];
      const known: Duplicate[] = [];
      const read: { source: ImageSource; bytes: ArrayBuffer; itemId: ItemId }[] = [];
      // One bad file is one problem; the rest goes in.
      const orProblem = async ({ path }: ImageSource, work: () => Promise<unknown>) => {
        throwIfStopped(signal);
        try {
          await work();
        } catch (error) {
          problems.push({ place: path, message: explainFile(path, error) });
        }
      };
      for (const source of sources)
        await orProblem(source, async () => {
          const bytes = await readBytes(source, archives);
          read.push({ source, bytes, itemId: await hashBytes(bytes) });
        });
      // What is stored already is not decoded again: an import that goes on would take as long as the first.
      const ids = read.map(({ itemId }) => itemId);
      const twins = await findItems(database, projectId, ids);
      for (const [at, { source, bytes, itemId }] of read.entries())
        await orProblem(source, async () => {
          const of = twins[at]?.path;
          if (of === undefined)
            ready.push(await newImage(projectId, source, { bytes, itemId }, labels, nextId));
          else {
            const came = answersOf(projectId, itemId, source, labels, nextId);
            known.push({ path: source.path, of, ...came });
          }
        });
      const stored = await addItems(database, projectId, ready);
      return { ...stored, duplicates: [...known, ...stored.duplicates], problems };
    },

    async importDocuments({ projectId, sources, labels }) {
      const signal = begin();
      const database = await storage();
      const problems: ImportProblem[] = [];
      const ready: NewItem[] = [];
      for (const source of sources) {
        throwIfStopped(signal);
        try {
          const text = await readSourceText(source, archives);
          const name = source.path.slice(source.path.lastIndexOf("/") + 1);
          ready.push(
            await newText(projectId, { name, path: source.path }, { ...source, text }, labels, nextId),
          );
        } catch (error) {
          problems.push({ place: source.path, message: explainFile(source.path, error) });
        }
      }
      return { ...(await addItems(database, projectId, ready)), problems };
    },

    async importTable({ projectId, file, choice, labels }, report) {
      const signal = begin();
      const database = await storage();
      const reader = await chooseReader(file);
      // One batch is stored while the next is read and hashed.
      let storing: Promise<void> = Promise.resolve();
      try {
        for await (const { rows, problems, bytesRead } of reader.read(file, choice, signal)) {
          // The reader looks only between pieces of the file, which hold many batches.
          throwIfStopped(signal);
          const batch = await Promise.all(
            rows.map((row) => {
              const named = { name: row.place, path: `${file.name}, ${row.place}` };
              return newText(projectId, named, row, labels, nextId);
            }),
          );
          await storing;
          throwIfStopped(signal);
          // Calls back travel on a line of their own, and must not arrive after this call has ended.
          storing = addItems(database, projectId, batch).then((stored) =>
            report({ ...stored, problems: marked(problems, rows), bytesRead }),
          );
          // It is awaited in its turn, which may be after it has failed.
          storing.catch(() => undefined);
        }
      } finally {
        await storing;
      }
    },

    stop: () => stop.abort(),
  };
}

/** What is said of the whole file, or of a row that went in all the same, is a note. */
function marked(problems: readonly Problem[], rows: readonly TextRow[]): ImportProblem[] {
  const wentIn = new Set(rows.map(({ place }) => place));
  return problems.map((problem) =>
    problem.place === "file" || wentIn.has(problem.place) ? { ...problem, note: true } : problem,
  );
}

export async function chooseReader(file: File): Promise<TextReader> {
  const reader = readerFor(file.name, new Uint8Array(await file.slice(0, recogniseBytes).arrayBuffer()));
  if (!reader) {
    throw new UnreadableFile(
      `${file.name} is not a table or list of texts that can be read here. Save it as CSV, JSONL, Parquet or TXT.`,
    );
  }
  return reader;
}

function summarise(counts: ReadonlyMap<string, number>, rows: number): TableSurvey {
  const given = [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count);
  return { rows, given: given.slice(0, surveyLimit), tooMany: given.length > surveyLimit };
}

export async function readBytes(
  source: ImageSource,
  archives: ReadonlyMap<string, ZipArchive>,
): Promise<ArrayBuffer> {
  if ("file" in source) {
    if (source.file.size > maxImageBytes)
      throw new UnusableImage(`${source.path} is larger than 512 MB; it was left out.`);
    return source.file.arrayBuffer();
  }
  const entry = archives.get(source.archiveId)?.entries[source.entry];
  if (!entry)
    throw new UnusableImage(`${source.path} is not in the archive any more; drop the archive again.`);
  const { buffer, byteOffset, byteLength } = await entry.read(maxImageBytes);
  return buffer.slice(byteOffset, byteOffset + byteLength);
}

/** The text of a file that is one. @throws UnusableDocument */
export async function readSourceText(
  source: ImageSource,
  archives: ReadonlyMap<string, ZipArchive>,
): Promise<string> {
  const file = "file" in source ? source.file : new Blob([await readBytes(source, archives)]);
  return readDocument(source.path, file);
}

export function explainFile(path: string, error: unknown): string {
  if (error instanceof UnusableImage || error instanceof UnusableDocument || error instanceof ZipEntryError)
    return error.message;
  // The browser says which file vanished only by this name.
  if (error instanceof DOMException && error.name === "NotFoundError")
    return `${path} was moved or deleted while it was read; drop it again.`;
  return `${path} could not be read (${error instanceof Error ? error.message : String(error)}); it was left out.`;
}

function trueRandom(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]! / 4294967296;
}
