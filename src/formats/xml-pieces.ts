// Cuts the elements of one name out of a stream of XML, so that each can be parsed alone and the file may be of
// any size. It looks for their tags only; whether an element is sound is for the XML parser.

import type { TextChunk } from "./encoding";
import { maxLineCharacters } from "./reader";

export interface XmlPieces {
  /** Whole elements, tags included; null for one that was too long and was dropped. */
  readonly pieces: readonly (string | null)[];
  readonly bytesRead: number;
  /** In the last one: the text ended within an element. */
  readonly broken: boolean;
}

/** @param name of elements that do not hold others of the same name. */
export async function* xmlPieces(chunks: AsyncIterable<TextChunk>, name: string): AsyncGenerator<XmlPieces> {
  const cutter = new Cutter(name);
  let bytesRead = 0;
  for await (const chunk of chunks) {
    bytesRead = chunk.bytesRead;
    yield { pieces: cutter.push(chunk.text), bytesRead, broken: false };
  }
  yield { pieces: [], bytesRead, broken: cutter.inside };
}

class Cutter {
  readonly #open: string;
  readonly #close: string;
  #buffer = "";
  /** Up to here the present element was looked through; it begins at 0 of the buffer. */
  #at = 0;
  #step: "outside" | "tag" | "content" = "outside";
  #quote = "";
  #overlong = false;

  constructor(name: string) {
    this.#open = `<${name}`;
    this.#close = `</${name}>`;
  }

  get inside(): boolean {
    return this.#step !== "outside";
  }

  push(text: string): (string | null)[] {
    this.#buffer += text;
    const pieces: (string | null)[] = [];
    for (;;) {
      const before = this.#step;
      if (before === "outside") this.#findOpen();
      else if (before === "tag") this.#findTagEnd(pieces);
      else this.#findClose(pieces);
      // A step that did not end has run out of text.
      if (this.#step === before) break;
    }
    if (this.inside && this.#buffer.length > maxLineCharacters) {
      this.#overlong = true;
      const keep = this.#close.length;
      this.#buffer = this.#buffer.slice(-keep);
      this.#at = this.#step === "tag" ? keep : 0;
    }
    return pieces;
  }

  #findOpen(): void {
    for (;;) {
      const begin = this.#buffer.indexOf(this.#open, this.#at);
      if (begin === -1) {
        this.#buffer = this.#buffer.slice(Math.max(0, this.#buffer.length - this.#open.length + 1));
        this.#at = 0;
        return;
      }
      const after = begin + this.#open.length;
      if (after === this.#buffer.length) {
        this.#buffer = this.#buffer.slice(begin);
        this.#at = 0;
        return;
      }
      this.#at = after;
      if (!/[\s/>]/.test(this.#buffer[after]!)) continue;
      this.#buffer = this.#buffer.slice(begin);
      this.#at = this.#open.length;
      this.#step = "tag";
      return;
    }
  }

  #findTagEnd(pieces: (string | null)[]): void {
    for (; this.#at < this.#buffer.length; this.#at++) {
      const character = this.#buffer[this.#at]!;
      if (this.#quote !== "") {
        if (character === this.#quote) this.#quote = "";
      } else if (character === '"' || character === "'") this.#quote = character;
      else if (character === ">") {
        this.#at++;
        if (this.#buffer[this.#at - 2] === "/") this.#cut(pieces);
        else this.#step = "content";
        return;
      }
    }
  }

  #findClose(pieces: (string | null)[]): void {
    const end = this.#buffer.indexOf(this.#close, this.#at);
    if (end === -1) {
      this.#at = Math.max(this.#at, this.#buffer.length - this.#close.length + 1);
      return;
    }
    this.#at = end + this.#close.length;
    this.#cut(pieces);
  }

  #cut(pieces: (string | null)[]): void {
    pieces.push(this.#overlong ? null : this.#buffer.slice(0, this.#at));
    this.#buffer = this.#buffer.slice(this.#at);
    this.#at = 0;
    this.#step = "outside";
    this.#overlong = false;
  }
}
