// Finds the text readers: every file in ./readers is one. Kept apart from the exporters, so that an import
// loads only what imports need.

import { discover } from "./discover";
import type { TextReader } from "./reader";

export const readers = discover<TextReader>(
  "a reader",
  import.meta.glob("./readers/*.ts", { eager: true, import: "reader" }),
);

/**
 * By the file's extension; `.json` that begins like an object is taken for JSON Lines, because that is what it
 * nearly always is. null where no reader claims the name.
 * @param firstBytes the file's beginning; a kilobyte is plenty.
 */
export function readerFor(fileName: string, firstBytes: Uint8Array): TextReader | null {
  const dot = fileName.lastIndexOf(".");
  const extension = dot === -1 ? "" : fileName.slice(dot).toLowerCase();
  if (extension === ".json") {
    const start = new TextDecoder().decode(firstBytes.subarray(0, 1024)).replaceAll("\0", "").trimStart();
    return readers.get(start.startsWith("{") ? "jsonl" : "json") ?? null;
  }
  return [...readers.values()].find((reader) => reader.extensions.includes(extension)) ?? null;
}
