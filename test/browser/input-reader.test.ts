// Large images read ahead by real decoder workers: the same pixels in the same order as without them, and nothing is
// lost where they are killed in the middle of their work.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Item } from "../../src/core/item";
import type { Database } from "../../src/storage/database";
import { addItems, loadItems } from "../../src/storage/item-store";
import { saveProject } from "../../src/storage/project-store";
import { openInputReader } from "../../workers/decoding/input-reader";
import type { Encoder, ImageInput } from "../../workers/encoders/encoder";
import { draw } from "./importing/pictures";
import { makeItem, makeProject, openEmptied, projectId } from "./stored";

const project = projectId();
/** Only what reading asks of an encoder, one that looks at more than a thumbnail. */
const encoder = { kind: "image", maxSide: 300 } as Encoder;
const going = { aborted: false };
const count = 20;
const brokenRow = 7;
let database: Database;
let items: readonly Item[];
const started: Worker[] = [];

beforeEach(async () => {
  database = await openEmptied();
  await saveProject(database, makeProject("image"));
  const size = { width: 1100, height: 1000 };
  const made = await Promise.all(
    Array.from({ length: count }, async (_, row) => {
      const { item } = makeItem(`${row}.png`);
      const drawn = await draw("image/png", size.width, size.height, 12 * row);
      const bytes = row === brokenRow ? new ArrayBuffer(10) : drawn.buffer;
      return {
        item: { ...item, ...size, kind: "image" as const, type: "image/png" },
        bytes,
        thumbnail: null,
        label: null,
      };
    }),
  );
  await addItems(database, project, made);
  items = await loadItems(database, project, 0, count);
  const Real = Worker;
  vi.stubGlobal(
    "Worker",
    class extends Real {
      constructor(...given: ConstructorParameters<typeof Worker>) {
        super(...given);
        started.push(this);
      }
    },
  );
});

afterEach(() => {
  vi.unstubAllGlobals();
  started.length = 0;
});

const hex = (bytes: Uint8Array) => Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");

/** Its size and what its pixels hash to: comparing millions of them one by one would take the test's time. */
async function describe({ width, height, pixels }: ImageInput): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(pixels)));
  return `${width} × ${height} ${hex(digest)}`;
}

async function readAll(decoders: number, during: (row: number) => void = () => undefined) {
  const reader = openInputReader(async () => database, decoders);
  const found: (string | null)[] = [];
  for await (const one of reader.read(encoder, items, going)) {
    found.push(one && (await describe(one as ImageInput)));
    during(found.length);
  }
  reader.close();
  return found;
}

test("two decoders give what none give, and null where an image cannot be decoded", async () => {
  const expected = await readAll(0);
  expect(started).toHaveLength(0);
  expect(expected.map((one) => one === null)).toEqual(items.map((_, row) => row === brokenRow));
  expect(expected[0]).toMatch(/^300 × 273 /);
  expect(new Set(expected).size).toBe(count);
  expect(await readAll(2)).toEqual(expected);
  expect(started).toHaveLength(2);
});

test("what killed decoders were at is read without them", async () => {
  const expected = await readAll(0);
  const kill = (row: number) => {
    if (row === 3) started.forEach((one) => one.terminate());
  };
  expect(await readAll(2, kill)).toEqual(expected);
  expect(started).toHaveLength(2);
});

test("few images, small ones and an encoder content with thumbnails need no decoder", async () => {
  const reader = openInputReader(async () => database, 2);
  const read = async (of: Encoder, some: readonly Item[]) => {
    let seen = 0;
    for await (const one of reader.read(of, some, going)) seen += one === null ? 0 : 1;
    return seen;
  };
  expect(await read(encoder, items.slice(0, 7))).toBe(7);
  expect(await read({ ...encoder, maxSide: 64 } as Encoder, items)).toBe(count - 1);
  const small = items.map((item) => ({ ...item, width: 96, height: 96 }));
  expect(await read(encoder, small)).toBe(count - 1);
  expect(started).toHaveLength(0);
});
