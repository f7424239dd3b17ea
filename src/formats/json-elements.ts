// Splits JSON into its elements while it streams, so that a list of any length on one line is read in bounded
// memory. It looks at brackets, commas and quotation marks only; whether an element is sound is for JSON.parse.

import type { TextChunk } from "./encoding";
import { maxLineCharacters } from "./reader";

export interface JsonElement {
  /** Key of the top-level object whose value it lies in; null in a top-level list. */
  readonly under: string | null;
  /** Its own key, where it lies in an object. */
  readonly key: string | null;
  /** Counted from 1 within its list or object. */
  readonly number: number;
  /** Its source; null where it was longer than `maxLineCharacters` and was dropped. */
  readonly text: string | null;
}

export interface JsonElements {
  readonly elements: readonly JsonElement[];
  readonly bytesRead: number;
  /** In the last one: the text ended before its outermost bracket closed, or went on behind it. */
  readonly broken: boolean;
}

/**
 * Elements of a top-level list; or of each list or object that is a value of a top-level object. Plain values
 * of a top-level object come as one element without a key of their own.
 */
export async function* jsonElements(chunks: AsyncIterable<TextChunk>): AsyncGenerator<JsonElements> {
  const splitter = new Splitter();
  let bytesRead = 0;
  for await (const chunk of chunks) {
    bytesRead = chunk.bytesRead;
    yield { elements: splitter.push(chunk.text), bytesRead, broken: false };
  }
  yield { elements: [], bytesRead, broken: splitter.broken };
}

const quote = 34;
const comma = 44;
const colon = 58;
const openList = 91;
const backslash = 92;
const closeList = 93;
const openObject = 123;
const closeObject = 125;

class Splitter {
  #buffer = "";
  /** Where scanning goes on in the buffer. */
  #at = 0;
  /** Where the present element begins in the buffer. */
  #start = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #topIsObject = false;
  #under: string | null = null;
  /** Whether the container of the present elements is an object. */
  #keyed = false;
  /** Depth at which commas part elements. */
  #level = 1;
  #number = 0;
  #overlong = false;
  #begun = false;
  #ended = false;
  #junk = false;

  get broken(): boolean {
    return this.#junk || (this.#begun && !this.#ended);
  }

  push(text: string): JsonElement[] {
    this.#buffer += text;
    const found: JsonElement[] = [];
    this.#scan(found);
    if (this.#at - this.#start > maxLineCharacters) this.#overlong = true;
    const keepFrom = this.#overlong ? this.#at : this.#start;
    this.#buffer = this.#buffer.slice(keepFrom);
    this.#at -= keepFrom;
    this.#start = 0;
    return found;
  }

  #scan(found: JsonElement[]): void {
    const { length } = this.#buffer;
    for (; this.#at < length; this.#at++) {
      const code = this.#buffer.charCodeAt(this.#at);
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (code === backslash) this.#escaped = true;
        else if (code === quote) this.#inString = false;
      } else if (this.#ended || !this.#begun) this.#outside(code);
      else if (code > colon && code < openList) continue;
      else if (code === quote) this.#inString = true;
      else if (code === openList || code === openObject) this.#open(code === openObject);
      else if (code === closeList || code === closeObject) this.#close(found);
      else if (code === comma && this.#depth === this.#level) this.#emit(found);
    }
  }

  /** Before the outermost bracket or behind it. */
  #outside(code: number): void {
    const opens = code === openList || code === openObject;
    if (!this.#begun && opens) this.#open(code === openObject);
    else if (!isBlank(code)) this.#junk = true;
  }

  #open(isObject: boolean): void {
    this.#depth++;
    if (this.#depth === 1) {
      this.#begun = true;
      this.#topIsObject = isObject;
      this.#start = this.#at + 1;
    } else if (this.#depth === 2 && this.#topIsObject) {
      const key = this.#overlong ? null : keyAndValue(this.#buffer.slice(this.#start, this.#at)).key;
      this.#under = key ?? "";
      this.#keyed = isObject;
      this.#level = 2;
      this.#number = 0;
      this.#overlong = false;
      this.#start = this.#at + 1;
    }
  }

  #close(found: JsonElement[]): void {
    if (this.#depth === 0) {
      this.#junk = true;
      return;
    }
    if (this.#depth === this.#level) this.#emit(found);
    this.#depth--;
    if (this.#depth === 0) this.#ended = true;
    else if (this.#depth < this.#level && this.#topIsObject) {
      this.#level = 1;
      this.#under = null;
      this.#keyed = false;
    }
  }

  #emit(found: JsonElement[]): void {
    const text = this.#overlong ? null : this.#buffer.slice(this.#start, this.#at);
    this.#start = this.#at + 1;
    this.#overlong = false;
    // Nothing stands between the brackets of an empty list, nor behind a list that was an object's value.
    if (text !== null && text.trim() === "") return;
    if (text !== null && text.length > maxLineCharacters) {
      found.push({ under: this.#under, key: null, number: ++this.#number, text: null });
      return;
    }
    const topValue = this.#topIsObject && this.#level === 1;
    if (text === null || !(this.#keyed || topValue)) {
      found.push({ under: this.#under, key: null, number: ++this.#number, text });
      return;
    }
    const { key, value } = keyAndValue(text);
    if (topValue) found.push({ under: key, key: null, number: 1, text: value });
    else found.push({ under: this.#under, key, number: ++this.#number, text: value });
  }
}

function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || code === 0xfeff;
}

/** Takes `"key": value` apart. Linear, unlike a pattern that may try again. */
function keyAndValue(text: string): { readonly key: string | null; readonly value: string } {
  const begin = text.indexOf('"');
  if (begin === -1 || text.slice(0, begin).trim() !== "") return { key: null, value: text };
  let end = begin + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
  const behind = text.indexOf(":", end + 1);
  if (behind === -1) return { key: null, value: text };
  try {
    const key: unknown = JSON.parse(text.slice(begin, end + 1));
    return { key: typeof key === "string" ? key : null, value: text.slice(behind + 1) };
  } catch {
    // A key that is no JSON string makes the whole element unreadable, which its reader reports.
    return { key: null, value: text };
  }
}
