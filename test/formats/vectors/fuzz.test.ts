// Broken files of vectors by the hundred: each ends, hands on only rows that can be used, and throws only sentences.

import fc from "fast-check";
import { parquetWriteBuffer } from "hyparquet-writer";
import { expect, it } from "vitest";
import { maxDims } from "../../../src/formats/vectors/vector-file";
import { openVectors } from "../../../src/formats/vectors/open-vectors";
import { zipStream } from "../../../src/formats/zip-stream";
import { broken, edits, expectSentence, runs, seed } from "../break-files";
import { gather } from "../read-all";
import { float32, names, npy } from "./make-numpy";

type Bytes = Uint8Array<ArrayBuffer>;

const vectors = [0.5, 1, 2, -3, 4, 5.25];
const called = ["one.png", "two.png"];
const array = npy("<f4", [2, 3], float32(...vectors));

async function archive(): Promise<Bytes> {
  async function* entries() {
    yield { path: "vectors.npy", content: array };
    yield { path: "names.npy", content: names(called) };
  }
  return new Uint8Array(await (await gather(zipStream(entries(), 0, null))).arrayBuffer());
}

function table(): Bytes {
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: "name", data: called, type: "STRING" },
        { name: "vector", data: [vectors.slice(0, 3), vectors.slice(3)], type: "JSON" },
      ],
    }),
  );
}

const sound: readonly (readonly [string, () => Promise<Bytes> | Bytes])[] = [
  ["a.npy", () => array],
  ["columns.npy", () => npy(">f8", [2, 3], new Uint8Array(Float64Array.from(vectors).buffer), true)],
  ["a.npz", archive],
  ["a.parquet", table],
  ["a.csv", () => new TextEncoder().encode('name,vector\none.png,"[0.5, 1, 2]"\ntwo.png,"[-3, 4, 5.25]"\n')],
];

/** Rows that came through; every one of them finite, or 0 and named. */
async function readAll(name: string, bytes: Bytes): Promise<number> {
  let rows = 0;
  for (const { open } of await openVectors([new File([bytes], name)], null)) {
    expect(open.dims).toBeGreaterThan(0);
    expect(open.dims).toBeLessThanOrEqual(maxDims);
    for await (const block of open.blocks(null)) {
      expect(block.firstRow).toBe(rows);
      expect(block.values).toHaveLength(block.rows * open.dims);
      if (block.names) expect(block.names).toHaveLength(block.rows);
      expect(block.values.every(Number.isFinite)).toBe(true);
      for (const { message } of block.problems) expect(message).toMatch(/^\S.*\.$/s);
      rows += block.rows;
    }
  }
  return rows;
}

it.each(sound)(
  "%s survives being broken",
  async (name, make) => {
    const bytes = await make();
    expect(await readAll(name, bytes)).toBe(2);
    const property = fc.asyncProperty(edits, async (made) => {
      try {
        await readAll(name, broken(bytes, made));
      } catch (error) {
        if (error instanceof Error && error.name === "AssertionError") throw error;
        expectSentence(error);
      }
    });
    await fc.assert(property, { seed, numRuns: runs });
  },
  600_000,
);
