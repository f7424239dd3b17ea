// Reads an export back the way an import does: the reader that claims the file, the tables and folders of an
// archive, the file that each row means. For round trips and for the matrix of formats.

import type { ItemId } from "../../src/core/ids";
import type { LabelRecord } from "../../src/formats/export";
import { commonFolder, givenFromPath } from "../../src/formats/given-from-path";
import { FileIndex } from "../../src/formats/match-files";
import type { GivenAnswer, TextRow } from "../../src/formats/reader";
import { readerFor, recogniseBytes } from "../../src/formats/reader-registry";
import { sliceFromPath } from "../../src/formats/provenance";
import { openZip } from "../../src/formats/zip";

export interface ReadBack {
  readonly text: string;
  readonly given: string | null;
  readonly answers: readonly GivenAnswer[];
  /** What the file says a model thinks, from the column of that name. */
  readonly prediction: string | null;
}

export interface Back {
  readonly items: ReadonlyMap<ItemId, ReadBack>;
  /** Ids of the readers that read something, or "folders". */
  readonly readers: readonly string[];
}

/** In these tests the bytes of an image are its id. */
export async function readBack(file: Blob, name: string, records: readonly LabelRecord[]): Promise<Back> {
  return name.endsWith(".zip")
    ? fromArchive(file, records)
    : fromTable(file, name, records, matcher(records));
}

type Match = (row: TextRow) => LabelRecord | undefined;

function matcher(records: readonly LabelRecord[]): Match {
  const index = new FileIndex(records.map(({ path }) => path));
  const byText = new Map(records.map((record) => [record.text, record]));
  return ({ text }) => {
    const place = index.find(text);
    return byText.get(text) ?? (typeof place === "number" ? records[place] : undefined);
  };
}

async function fromTable(
  file: Blob,
  name: string,
  records: readonly LabelRecord[],
  match: Match,
): Promise<Back> {
  const head = new Uint8Array(await file.slice(0, recogniseBytes).arrayBuffer());
  const reader = readerFor(name, head);
  const items = new Map<ItemId, ReadBack>();
  if (!reader) return { items, readers: [] };
  const { columns, guessedText, guessedFile, guessedGiven } = await reader.preview(file);
  const image = records[0]!.kind === "image";
  const textColumn = image ? guessedFile : guessedText;
  if (textColumn === null) return { items, readers: [] };
  const predicted = columns.find(
    (column) => /\((prediction|suggestion|automatic)\)$/.test(column) || column === "predicted_label",
  );
  const predictions = new Map<string, string | null>();
  if (predicted !== undefined)
    for await (const { rows } of reader.read(file, { textColumn, givenColumn: predicted }, null))
      for (const row of rows) predictions.set(row.place, row.given);
  for await (const { rows } of reader.read(file, { textColumn, givenColumn: guessedGiven }, null)) {
    for (const row of rows) {
      const record = match(row);
      if (!record) continue;
      const { text, given, answers = [] } = row;
      items.set(record.itemId, { text, given, answers, prediction: predictions.get(row.place) ?? null });
    }
  }
  return { items, readers: [reader.id] };
}

async function fromArchive(file: Blob, records: readonly LabelRecord[]): Promise<Back> {
  const archive = await openZip(file);
  const byId = new Map(records.map((record) => [record.itemId as string, record]));
  const media: { readonly path: string; readonly record: LabelRecord }[] = [];
  const tables: { readonly path: string; readonly bytes: Blob }[] = [];
  for (const entry of archive.entries) {
    const bytes = await entry.read(1e8);
    const record = byId.get(new TextDecoder().decode(bytes));
    if (record) media.push({ path: entry.path, record });
    else tables.push({ path: entry.path, bytes: new Blob([bytes]) });
  }
  await archive.close();
  const index = new FileIndex(media.map(({ path }) => path));
  const items = new Map<ItemId, ReadBack>();
  const readers = new Set<string>();
  for (const { path, bytes } of tables) {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
    const plain = matcher(records);
    const match: Match = (row) => {
      const place = index.find(row.text.split("|")[0]!, folder);
      return typeof place === "number" ? media[place]!.record : plain(row);
    };
    const back = await fromTable(bytes, path.slice(path.lastIndexOf("/") + 1), records, match);
    for (const [itemId, one] of back.items) items.set(itemId, one);
    for (const id of back.readers) readers.add(id);
  }
  const shared = commonFolder(media.map(({ path }) => path));
  for (const { path, record } of readers.size > 0 ? [] : media) {
    const given = givenFromPath(path, shared);
    const slice = sliceFromPath(path);
    const answers: GivenAnswer[] =
      given === null || slice === null
        ? []
        : [{ type: "classes", classes: [given], annotator: null, at: null, slice, origin: "import" }];
    items.set(record.itemId, { text: path, given, answers, prediction: null });
  }
  return { items, readers: readers.size > 0 ? [...readers] : ["folders"] };
}

/** Everything a file says, as one text: what is nowhere in here was not written. */
export async function everythingIn(file: Blob, name: string): Promise<string> {
  if (name.endsWith(".zip")) {
    const archive = await openZip(file);
    const texts: string[] = [];
    for (const entry of archive.entries)
      texts.push(entry.path, await everythingIn(new Blob([await entry.read(1e8)]), entry.path));
    return texts.join("\n");
  }
  if (!name.endsWith(".parquet")) return file.text();
  const { parquetReadObjects } = await import("hyparquet");
  const rows = await parquetReadObjects({ file: await file.arrayBuffer() });
  return JSON.stringify(rows);
}
