// Turns the bytes of a text file into characters, a slice at a time, and says which encoding it took and why.

import { throwIfStopped, type StopSignal } from "../core/errors";
import { headBytes, UnreadableFile, type Problem } from "./reader";

export type TextEncodingName = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";

export interface TextChunk {
  readonly text: string;
  /** Bytes of the file consumed so far. */
  readonly bytesRead: number;
}

export interface TextSource {
  readonly encoding: TextEncodingName;
  readonly notices: readonly Problem[];
  chunks(): AsyncIterable<TextChunk>;
}

/** Large enough to be quick, small enough that a dozen in flight do not matter. */
const sliceBytes = 256 * 1024;
/** How much of the beginning is looked at for UTF-16 without a mark, and for bytes no text has. */
const sniffBytes = 4096;

/**
 * Reads the whole file once to find out whether it is valid UTF-8, so that the encoding is settled before the
 * first row is handed on; with it the second pass cannot change its mind half-way.
 * @throws UnreadableFile, Stopped
 */
export async function openText(file: Blob, stop: StopSignal | null): Promise<TextSource> {
  const encoding = sniffEncoding(await bytesOf(file, 0, sniffBytes));
  if (encoding !== "utf-8") return source(file, encoding, [], stop);
  if (await isValidUtf8(file, stop)) return source(file, "utf-8", [], stop);
  return fallBack(file, stop);
}

/** The beginning of the file as text, and whether that is all of it. A character cut in two is dropped. */
export async function readHead(
  file: Blob,
): Promise<{ readonly text: string; readonly whole: boolean; readonly notices: readonly Problem[] }> {
  const head = file.slice(0, headBytes);
  const whole = head.size === file.size;
  // Without its last incomplete character a cut head would look like broken UTF-8.
  const opened = await openText(whole ? head : await trimmed(head), null);
  let text = "";
  for await (const chunk of opened.chunks()) text += chunk.text;
  return { text, whole, notices: opened.notices };
}

/** Text already at hand, for whatever wants chunks. */
export async function* oneChunk(text: string): AsyncGenerator<TextChunk> {
  yield { text, bytesRead: 0 };
}

/** By its mark, or by where the zero bytes lie. Everything else starts out as UTF-8. */
export function sniffEncoding(first: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  const [a, b, c, d] = first;
  if ((a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe && d === 0xff))
    throw new UnreadableFile(
      "The file is UTF-32, which browsers cannot read. Save it as UTF-8 and try again.",
    );
  if (a === 0xff && b === 0xfe) return "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  let control = 0;
  const zeros = [0, 0];
  for (let at = 0; at < first.length; at++) {
    const byte = first[at]!;
    if (byte === 0) zeros[at % 2]!++;
    else if (byte < 9 || (byte > 13 && byte < 32 && byte !== 0x1b)) control++;
  }
  const [even, odd] = zeros as [number, number];
  const pairs = first.length / 2;
  // Latin letters, spaces and line ends leave zero bytes, all on one side. Scripts without them need the mark.
  if (odd > pairs * 0.1 && even < odd * 0.05) return "utf-16le";
  if (even > pairs * 0.1 && odd < even * 0.05) return "utf-16be";
  // Random or compressed bytes have 10%; a text may have picked up a stray one.
  if (even + odd + control > 2 + first.length * 0.02)
    throw new UnreadableFile(
      "The file holds bytes that no text has, so nothing was read. Choose a text file (CSV, TSV, JSONL or TXT).",
    );
  return "utf-8";
}

function source(
  file: Blob,
  encoding: TextEncodingName,
  notices: Problem[],
  stop: StopSignal | null,
): TextSource {
  return {
    encoding,
    notices,
    async *chunks() {
      const decoder = new TextDecoder(encoding);
      for await (const { bytes, end } of slices(file, stop)) {
        const text = decoder.decode(bytes, { stream: end < file.size });
        if (text !== "" || end === file.size) yield { text, bytesRead: end };
      }
    },
  };
}

async function* slices(
  file: Blob,
  stop: StopSignal | null,
): AsyncGenerator<{ bytes: Uint8Array<ArrayBuffer>; end: number }> {
  for (let start = 0; start < file.size; start += sliceBytes) {
    throwIfStopped(stop);
    const end = Math.min(file.size, start + sliceBytes);
    yield { bytes: await bytesOf(file, start, end), end };
  }
}

async function bytesOf(file: Blob, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await file.slice(start, end).arrayBuffer());
  } catch (cause) {
    throw new UnreadableFile(
      "The file could not be read: it may have been moved, changed or unplugged. Choose it again.",
      { cause },
    );
  }
}

async function isValidUtf8(file: Blob, stop: StopSignal | null): Promise<boolean> {
  const strict = new TextDecoder("utf-8", { fatal: true });
  for await (const { bytes, end } of slices(file, stop)) {
    try {
      strict.decode(bytes, { stream: end < file.size });
    } catch {
      // A fatal decoder says "not UTF-8" in no other way.
      return false;
    }
  }
  return true;
}

/**
 * Broken UTF-8 stays UTF-8 where most of its non-ASCII characters are sound (a cut or a stray byte); otherwise
 * it is what Windows programs of Western Europe write.
 */
async function fallBack(file: Blob, stop: StopSignal | null): Promise<TextSource> {
  let sound = 0;
  let broken = 0;
  for await (const { text } of source(file, "utf-8", [], stop).chunks()) {
    sound += text.match(/[^\p{ASCII}\uFFFD]/gu)?.length ?? 0;
    broken += text.match(/\uFFFD/g)?.length ?? 0;
  }
  if (sound > broken) {
    const bytes = broken === 1 ? "1 place is" : `${broken} places are`;
    const message = `${bytes} not valid UTF-8 and will show as \uFFFD. Everything else was read as it stands.`;
    return source(file, "utf-8", [{ place: "file", message }], stop);
  }
  const message =
    "The file is not UTF-8, so it was read as Windows-1252 (Western European). If letters look wrong, save it as UTF-8 and import it again.";
  return source(file, "windows-1252", [{ place: "file", message }], stop);
}

async function trimmed(head: Blob): Promise<Blob> {
  const tail = await bytesOf(head, Math.max(0, head.size - 4), head.size);
  let extra = 0;
  // At most three continuation bytes follow a lead byte; the lead goes too, complete or not.
  while (extra < 3 && (tail[tail.length - 1 - extra]! & 0xc0) === 0x80) extra++;
  if (tail[tail.length - 1 - extra]! >= 0xc0) extra++;
  return head.slice(0, head.size - extra);
}
