// Plain text, one text a line.

import { intoBatches, type Found, type Outcome } from "../batches";
import { oneChunk, openText, readHead, type TextChunk } from "../encoding";
import { linesOf, type Line } from "../lines";
import { emptyFile, leftOut, overlong, previewRows, textFault, type TextReader } from "../reader";

export const reader: TextReader = {
  id: "txt",
  label: "Plain text, one a line",
  extensions: [".txt", ".text"],
  async preview(file) {
    const head = await readHead(file);
    const rows: string[][] = [];
    for await (const { lines } of linesOf(oneChunk(head.text))) {
      for (const { text } of lines) if (text !== null && text.trim() !== "") rows.push([text]);
    }
    rows.splice(previewRows);
    const empty = rows.length === 0;
    return {
      columns: empty ? [] : ["text"],
      rows,
      guessedText: empty ? "" : "text",
      guessedGiven: null,
      guessedFile: null,
      hasHeader: false,
      notices: empty ? [...head.notices, emptyFile] : head.notices,
    };
  },
  async *read(file, _choice, stop) {
    const { notices, chunks } = await openText(file, stop);
    yield* intoBatches(texts(chunks()), { sizeBytes: file.size, what: "line", notices });
  },
};

async function* texts(chunks: AsyncIterable<TextChunk>): AsyncGenerator<Found> {
  for await (const { lines, bytesRead } of linesOf(chunks)) yield { outcomes: lines.map(take), bytesRead };
}

function take({ number, text }: Line): Outcome | null {
  const place = `line ${number}`;
  if (text === null) return { problem: leftOut(place, overlong) };
  if (text.trim() === "") return null;
  const fault = textFault(text);
  return fault === null ? { row: { text, given: null, place } } : { problem: leftOut(place, fault) };
}
