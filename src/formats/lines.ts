// Splits decoded text into lines, whatever ends them (LF, CRLF, CR), without ever holding more than one line
// and one chunk.

import type { TextChunk } from "./encoding";
import { maxLineCharacters } from "./reader";

export interface Line {
  /** Counted from 1. */
  readonly number: number;
  /** null where the line was longer than `maxLineCharacters` and was dropped. */
  readonly text: string | null;
}

export interface Lines {
  readonly lines: readonly Line[];
  readonly bytesRead: number;
}

export async function* linesOf(chunks: AsyncIterable<TextChunk>): AsyncGenerator<Lines> {
  let number = 0;
  let rest = "";
  let tooLong = false;
  let heldReturn = "";
  let bytesRead = 0;
  const finish = (text: string): Line => {
    const dropped = tooLong || text.length > maxLineCharacters;
    tooLong = false;
    return { number: ++number, text: dropped ? null : text };
  };
  for await (const chunk of chunks) {
    bytesRead = chunk.bytesRead;
    let text = heldReturn + chunk.text;
    // A CR at the end may be the first half of a CRLF.
    heldReturn = text.endsWith("\r") ? "\r" : "";
    if (heldReturn) text = text.slice(0, -1);
    const parts = text.split(/\r\n|\n|\r/);
    parts[0] = rest + parts[0]!;
    rest = parts.pop()!;
    yield { lines: parts.map(finish), bytesRead };
    if (rest.length > maxLineCharacters) {
      tooLong = true;
      rest = "";
    }
  }
  if (rest !== "" || tooLong || heldReturn) yield { lines: [finish(rest)], bytesRead };
}
