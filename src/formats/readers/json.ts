// A JSON file that is one list of objects, or an object that holds one. It is split while it streams, so it may
// be of any size, also on one line.

import { intoBatches, type Found } from "../batches";
import { openText, type TextSource } from "../encoding";
import { jsonElements, type JsonElement } from "../json-elements";
import { previewRecords, takeRecord } from "../json-record";
import { provenanceOf } from "../provenance";
import { leftOut, overlong, UnreadableFile, type Problem, type TextReader } from "../reader";
import { beginsWithList, brokenOff, parseRecord } from "../tool-reader";

const sampleRecords = 200;

interface Sample {
  readonly records: readonly Readonly<Record<string, unknown>>[];
  /** Key of the list within the top-level object; null where the list is the whole file. */
  readonly under: string | null;
}

export const reader: TextReader = {
  id: "json",
  label: "JSON list",
  extensions: [".json"],
  async preview(file) {
    const source = await openText(file, null);
    return previewRecords((await sample(file, source)).records, source.notices);
  },
  async *read(file, choice, stop) {
    const source = await openText(file, stop);
    const { records, under } = await sample(file, source);
    const { columns, guessedText } = previewRecords(records, []);
    const textColumn = choice.textColumn ?? guessedText;
    const provenance = provenanceOf(columns);
    const late: Problem[] = [];
    const take = ({ text, number }: JsonElement) => {
      const place = `row ${number}`;
      if (text === null) return { problem: leftOut(place, overlong) };
      return takeRecord(parseRecord(text), place, textColumn, choice.givenColumn, provenance);
    };
    async function* found(): AsyncGenerator<Found> {
      for await (const { elements, bytesRead, broken } of jsonElements(source.chunks())) {
        yield { outcomes: elements.filter((element) => element.under === under).map(take), bytesRead };
        if (broken && file.size > 0) late.push(brokenOff);
      }
    }
    yield* intoBatches(found(), { sizeBytes: file.size, what: "row", notices: source.notices, late });
  },
};

/** @throws UnreadableFile where there is no list of records. */
async function sample(file: Blob, source: TextSource): Promise<Sample> {
  const isList = await beginsWithList(file);
  const records: Readonly<Record<string, unknown>>[] = [];
  let under: string | null = null;
  let empty = true;
  for await (const { elements, broken } of jsonElements(source.chunks())) {
    for (const { text, under: list, key } of elements) {
      empty = false;
      const { value } = text === null || key !== null ? { value: null } : parseRecord(text);
      // In an object, the first list of records is the one that is meant.
      if (value === null || (!isList && list === null)) continue;
      under ??= list;
      if (list === under && records.length < sampleRecords) records.push(value);
    }
    if (records.length >= sampleRecords) return { records, under };
    if (!broken || records.length > 0 || (await isBlank(file))) continue;
    throw new UnreadableFile(
      "The file is not valid JSON, so nothing was read. Save it again, or as JSON Lines or CSV.",
    );
  }
  if (records.length > 0 || (isList && empty) || (await isBlank(file))) return { records, under };
  throw new UnreadableFile(
    "The JSON file holds no list of objects. Save it as a list, as JSON Lines or as CSV.",
  );
}

async function isBlank(file: Blob): Promise<boolean> {
  return file.size < 4096 && (await file.text()).trim() === "";
}
