// Elements cut out of streamed XML, however the text is cut into chunks.

import { expect, it } from "vitest";
import { xmlPieces } from "../../src/formats/xml-pieces";

async function cut(text: string, size: number): Promise<{ pieces: (string | null)[]; broken: boolean }> {
  async function* chunks() {
    for (let at = 0; at < text.length; at += size) yield { text: text.slice(at, at + size), bytesRead: at };
  }
  const pieces: (string | null)[] = [];
  let broken = false;
  for await (const step of xmlPieces(chunks(), "image")) {
    pieces.push(...step.pieces);
    broken = step.broken;
  }
  return { pieces, broken };
}

it("finds images by their tags and nothing that is named alike", async () => {
  const wanted = [
    '<image id="0" name="a > b.jpg"/>',
    `<image name='x"/>'><tag label="cat"></tag></image>`,
    "<image></image>",
  ];
  const text = `<?xml version="1.0"?><annotations><images>${wanted.join("\n<imagery/>")}</images></annotations>`;
  for (let size = 1; size < 40; size++)
    expect(await cut(text, size)).toEqual({ pieces: wanted, broken: false });
});

it("says when the text ends within an image, and drops one that is too long", async () => {
  expect(await cut('<image name="a"><tag', 7)).toEqual({ pieces: [], broken: true });
  const long = `<image name="a">${"x".repeat(11 * 1024 * 1024)}</image><image/>`;
  expect(await cut(long, 256 * 1024)).toEqual({ pieces: [null, "<image/>"], broken: false });
});
