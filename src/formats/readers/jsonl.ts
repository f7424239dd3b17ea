// JSON Lines: one JSON object a line, as doccano, Prodigy and our own export write it.

import { intoBatches, type Found, type Outcome } from "../batches";
import { oneChunk, openText, readHead, type TextChunk } from "../encoding";
import { asRecord, previewRecords, takeRecord, type ParsedRecord } from "../json-record";
import { linesOf, type Line } from "../lines";
import { provenanceOf, type ProvenanceReader } from "../provenance";
import { leftOut, overlong, type TablePreview, type TextReader } from "../reader";

const sampleLines = 200;

export const reader: TextReader = {
  id: "jsonl",
  label: "JSON Lines",
  extensions: [".jsonl", ".ndjson"],
  preview,
  async *read(file, choice, stop) {
    const { columns, guessedText } = await preview(file);
    const textColumn = choice.textColumn ?? guessedText;
    const { notices, chunks } = await openText(file, stop);
    yield* intoBatches(records(chunks(), textColumn, choice.givenColumn, provenanceOf(columns)), {
      sizeBytes: file.size,
      what: "line",
      notices,
    });
  },
};

async function preview(file: Blob): Promise<TablePreview> {
  const head = await readHead(file);
  const records: Readonly<Record<string, unknown>>[] = [];
  for await (const { lines } of linesOf(oneChunk(head.text))) {
    for (const { text } of lines) {
      const value = text === null || records.length === sampleLines ? null : parse(text).value;
      if (value !== null) records.push(value);
    }
  }
  return previewRecords(records, head.notices);
}

async function* records(
  chunks: AsyncIterable<TextChunk>,
  textColumn: string,
  givenColumn: string | null,
  provenance: ProvenanceReader,
): AsyncGenerator<Found> {
  const take = ({ number, text }: Line): Outcome | null => {
    const place = `line ${number}`;
    if (text === null) return { problem: leftOut(place, overlong) };
    if (text.trim() === "") return null;
    return takeRecord(parse(text), place, textColumn, givenColumn, provenance);
  };
  for await (const { lines, bytesRead } of linesOf(chunks)) yield { outcomes: lines.map(take), bytesRead };
}

function parse(line: string): ParsedRecord {
  try {
    return asRecord(JSON.parse(line));
  } catch {
    // What the browser says of broken JSON is for programmers; the line number is what helps.
    return { value: null, fault: "is not valid JSON" };
  }
}
