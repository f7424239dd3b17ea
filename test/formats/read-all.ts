// Reads a whole file through a reader, for tests that look at everything at once.

import type { Problem, ReadChoice, TextReader, TextRow } from "../../src/formats/reader";

export async function readAll(
  reader: TextReader,
  content: BlobPart,
  choice: Partial<ReadChoice> = {},
): Promise<{ rows: TextRow[]; problems: Problem[]; batches: number; bytesRead: number[] }> {
  const rows: TextRow[] = [];
  const problems: Problem[] = [];
  const bytesRead: number[] = [];
  const file = new Blob([content]);
  for await (const batch of reader.read(file, { textColumn: null, givenColumn: null, ...choice }, null)) {
    rows.push(...batch.rows);
    problems.push(...batch.problems);
    bytesRead.push(batch.bytesRead);
  }
  return { rows, problems, batches: bytesRead.length, bytesRead };
}

export function texts(rows: readonly TextRow[]): string[] {
  return rows.map((row) => row.text);
}

export function messages(problems: readonly Problem[]): string[] {
  return problems.map((problem) => problem.message);
}

export function utf16(text: string, littleEndian: boolean, mark: boolean): Uint8Array<ArrayBuffer> {
  const whole = mark ? `\uFEFF${text}` : text;
  const view = new DataView(new ArrayBuffer(whole.length * 2));
  for (let at = 0; at < whole.length; at++) view.setUint16(at * 2, whole.charCodeAt(at), littleEndian);
  return new Uint8Array(view.buffer);
}

export async function gather(pieces: AsyncIterable<Uint8Array<ArrayBuffer>>): Promise<Blob> {
  const all: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of pieces) all.push(piece);
  return new Blob(all);
}
