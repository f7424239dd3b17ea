// A JSON file that is one list of objects. Unlike JSON Lines it cannot be read piece by piece, so its size is
// limited.

import { throwIfStopped, type StopSignal } from "../../core/errors";
import { intoBatches, type Found } from "../batches";
import { openText } from "../encoding";
import { asRecord, previewRecords, takeRecord } from "../json-record";
import { rowsPerBatch, UnreadableFile, type Problem, type TablePreview, type TextReader } from "../reader";

/** Parsed JSON takes up to ten times the memory of its text. */
const maxBytes = 100 * 1024 * 1024;
const sampleRecords = 200;

export const reader: TextReader = {
  id: "json",
  label: "JSON list",
  extensions: [".json"],
  async preview(file) {
    const { values, notices } = await parseFile(file, null);
    return sample(values, notices);
  },
  async *read(file, choice, stop) {
    const { values, notices } = await parseFile(file, stop);
    const textColumn = choice.textColumn ?? sample(values, notices).guessedText;
    const take = (value: unknown, position: number) =>
      takeRecord(asRecord(value), `row ${position + 1}`, textColumn, choice.givenColumn);
    async function* found(): AsyncGenerator<Found> {
      for (let start = 0; start < values.length; start += rowsPerBatch) {
        throwIfStopped(stop);
        const outcomes = values
          .slice(start, start + rowsPerBatch)
          .map((value, at) => take(value, start + at));
        yield { outcomes, bytesRead: Math.floor((file.size * start) / values.length) };
      }
    }
    yield* intoBatches(found(), { sizeBytes: file.size, what: "row", notices });
  },
};

function sample(values: readonly unknown[], notices: readonly Problem[]): TablePreview {
  const records = values
    .slice(0, sampleRecords)
    .map((value) => asRecord(value).value)
    .filter((value) => value !== null);
  return previewRecords(records, notices);
}

async function parseFile(
  file: Blob,
  stop: StopSignal | null,
): Promise<{ readonly values: readonly unknown[]; readonly notices: readonly Problem[] }> {
  if (file.size > maxBytes)
    throw new UnreadableFile(
      "The JSON file is larger than 100 MB. Save it as JSON Lines (one object a line), which can be of any size.",
    );
  const { notices, chunks } = await openText(file, stop);
  let text = "";
  for await (const chunk of chunks()) text += chunk.text;
  if (text.trim() === "") return { values: [], notices };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new UnreadableFile(
      "The file is not valid JSON, so nothing was read. Save it again, or as JSON Lines or CSV.",
      { cause },
    );
  }
  if (Array.isArray(parsed)) return { values: parsed, notices };
  throw new UnreadableFile(
    "The JSON file holds no list of objects. Save it as a list, as JSON Lines or as CSV.",
  );
}
