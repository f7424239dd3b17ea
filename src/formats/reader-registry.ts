// Finds the text readers: every file in ./readers is one. Kept apart from the exporters, so that an import
// loads only what imports need.

import { sniffEncoding } from "./encoding";
import { discover } from "./discover";
import type { TextReader } from "./reader";

export const readers = discover<TextReader>(
  "a reader",
  import.meta.glob("./readers/*.ts", { eager: true, import: "reader" }),
);

/**
 * By the file's extension and by what it begins like: a reader that recognises the beginning goes before those
 * that only know the extension. null where no reader claims the name.
 * @param firstBytes the file's beginning, `recogniseBytes` of it.
 */
export function readerFor(fileName: string, firstBytes: Uint8Array): TextReader | null {
  const dot = fileName.lastIndexOf(".");
  const extension = dot === -1 ? "" : fileName.slice(dot).toLowerCase();
  const claiming = [...readers.values()].filter((reader) => reader.extensions.includes(extension));
  if (claiming.length === 0) return null;
  const head = beginning(firstBytes);
  const sure = claiming.find((reader) => reader.recognise?.(head));
  if (sure) return sure;
  if (extension === ".json") return readers.get(isJsonLines(head) ? "jsonl" : "json") ?? null;
  return claiming.find((reader) => reader.recognise === undefined) ?? null;
}

/** Enough to see what a record holds, also where a long text stands in front. */
export const recogniseBytes = 64 * 1024;

function beginning(bytes: Uint8Array): string {
  try {
    return new TextDecoder(sniffEncoding(bytes.subarray(0, 4096))).decode(bytes.subarray(0, recogniseBytes));
  } catch {
    // Bytes no text has: readers of text say so themselves, and the others do not look.
    return "";
  }
}

/** `.json` that begins like an object is nearly always JSON Lines; one object over many lines is not. */
function isJsonLines(head: string): boolean {
  const start = head.replace(/^[\s\uFEFF]+/, "");
  if (!start.startsWith("{")) return false;
  const end = start.indexOf("\n");
  if (end === -1) return !/^\{\s*"[^"]*"\s*:\s*\[\s*\{/.test(start);
  try {
    JSON.parse(start.slice(0, end));
    return true;
  } catch {
    // A first line that is not whole by itself belongs to one object over several lines, or is broken.
    return !/^\{\s*("[^"]*"\s*:\s*[[{]?\s*)?$/.test(start.slice(0, end).trim());
  }
}
