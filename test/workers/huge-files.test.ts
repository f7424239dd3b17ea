// Files of four gigabytes, which are only claimed here: what is refused is refused unread, and looking at a table
// reads its beginning.

import { expect, it } from "vitest";
import { headBytes } from "../../src/formats/reader";
import { readers } from "../../src/formats/reader-registry";
import { readBytes, readSourceText } from "../../workers/importer";

const size = 4 * 1024 ** 3 + 1;

function hugeFile(name: string): { file: File; read: () => number } {
  let read = 0;
  const row = new TextEncoder().encode("a text of many words,label\n");
  const file = {
    name,
    size,
    arrayBuffer: () => Promise.reject(new Error("It was read whole.")),
    slice(from: number, to: number) {
      read += to - from;
      return new Blob([Uint8Array.from({ length: to - from }, (_, at) => row[(from + at) % row.length]!)]);
    },
  };
  return { file: file as unknown as File, read: () => read };
}

it("refuses an image of 4 GB without reading it", async () => {
  const { file, read } = hugeFile("huge.jpg");
  const source = { path: "photos/huge.jpg", given: null, file };
  await expect(readBytes(source, new Map())).rejects.toThrow(
    "photos/huge.jpg is larger than 512 MB; it was left out.",
  );
  await expect(readSourceText(source, new Map())).rejects.toThrow("is larger than 16 MB");
  expect(read()).toBe(0);
});

it.each(["csv", "txt", "jsonl"])("previews a %s of 4 GB by its beginning", async (id) => {
  const { file, read } = hugeFile(`huge.${id}`);
  const { rows } = await readers.get(id)!.preview(file);
  expect(rows.length).toBeLessThanOrEqual(20);
  expect(read()).toBeLessThan(4 * headBytes);
});
