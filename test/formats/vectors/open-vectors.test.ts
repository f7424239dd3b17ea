// Files of vectors: every kind that is read, and a sentence for every kind that is not.

import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, test } from "vitest";
import { fromHalf } from "../../../src/formats/vectors/numpy";
import { openVectors } from "../../../src/formats/vectors/open-vectors";
import { zipStream } from "../../../src/formats/zip-stream";
import { gather } from "../read-all";
import { float32, names, npy } from "./make-numpy";

const file = (name: string, ...parts: BlobPart[]) => new File(parts, name);

async function readAll(...files: File[]) {
  const rows: { name: string | null; values: number[] }[] = [];
  const problems: string[] = [];
  for (const { open } of await openVectors(files, null))
    for await (const block of open.blocks(null)) {
      for (let row = 0; row < block.rows; row++)
        rows.push({
          name: block.names?.[row] ?? null,
          values: [...block.values.subarray(row * open.dims, (row + 1) * open.dims)],
        });
      problems.push(...block.problems.map(({ message }) => message));
    }
  return { rows, problems };
}

async function npz(parts: Readonly<Record<string, Uint8Array<ArrayBuffer>>>): Promise<Blob> {
  async function* entries() {
    for (const [name, content] of Object.entries(parts)) yield { path: `${name}.npy`, content };
  }
  return gather(zipStream(entries(), 0, null));
}

const two = float32(1, 2, 3, 4, 5, 6);
const twoRows = [
  { name: null, values: [1, 2, 3] },
  { name: null, values: [4, 5, 6] },
];

describe("NumPy arrays", () => {
  test("of 32 bits, row after row and column after column", async () => {
    expect((await readAll(file("a.npy", npy("<f4", [2, 3], two)))).rows).toEqual(twoRows);
    const columns = float32(1, 4, 2, 5, 3, 6);
    expect((await readAll(file("a.npy", npy("<f4", [2, 3], columns, true)))).rows).toEqual(twoRows);
  });

  test("of 64 and 16 bits, and of the other byte order", async () => {
    const doubles = new Uint8Array(Float64Array.from([1, 2, 3, 4, 5, 6]).buffer);
    expect((await readAll(file("a.npy", npy("<f8", [2, 3], doubles)))).rows).toEqual(twoRows);
    expect((await readAll(file("a.npy", npy(">f8", [2, 3], doubles.slice().reverse())))).rows).toEqual([
      { name: null, values: [6, 5, 4] },
      { name: null, values: [3, 2, 1] },
    ]);
    const halves = new Uint8Array(Uint16Array.of(0x3c00, 0xc000, 0x3555, 0x0001, 0x7bff, 0x3800).buffer);
    const [first, second] = (await readAll(file("a.npy", npy("<f2", [2, 3], halves)))).rows;
    expect(first!.values).toEqual([1, -2, Math.fround(0.333251953125)]);
    expect(second!.values).toEqual([Math.fround(2 ** -24), 65504, 0.5]);
    expect([fromHalf(0x7c00), fromHalf(0xfc00), fromHalf(0x7e00)]).toEqual([Infinity, -Infinity, NaN]);
  });

  test("with names beside them: a text file, or an array in the archive", async () => {
    const array = file("a.npy", npy("<f4", [2, 3], two));
    const listed = await readAll(array, file("a.txt", "cats/1.jpg\r\nhäuser.png\r\n"));
    expect(listed.rows.map(({ name }) => name)).toEqual(["cats/1.jpg", "häuser.png"]);
    const archive = await npz({
      vectors: npy("<f4", [2, 3], two),
      names: names(["cats/1.jpg", "häuser.png"]),
    });
    expect((await readAll(file("a.npz", archive))).rows).toEqual(listed.rows);
  });

  test.each([
    ["pickled objects", npy("|O", [2], new Uint8Array(20)), "pickled"],
    ["one side", npy("<f4", [6], two), "shape (6)"],
    ["no rows", npy("<f4", [0, 3], new Uint8Array()), "is empty"],
    ["rows that break off", npy("<f4", [3, 3], two), "breaks off"],
    ["complex numbers", npy("<c8", [2, 1], float32(1, 2, 3, 4)), "no vectors"],
    ["more numbers than there can be", npy("<f4", [1, 20_000], new Uint8Array(80_000)), "exchanged"],
  ])("with %s are refused", async (_, bytes, sentence) => {
    await expect(readAll(file("a.npy", bytes))).rejects.toThrow(sentence);
  });

  test("with another number of names are refused", async () => {
    const array = file("a.npy", npy("<f4", [2, 3], two));
    await expect(readAll(array, file("a.txt", "one\n"))).rejects.toThrow("2 vectors, but there are 1 names");
  });

  test("twice in one archive, or not at all, are refused", async () => {
    const array = npy("<f4", [2, 3], two);
    await expect(readAll(file("a.npz", await npz({ a: array, b: array })))).rejects.toThrow("two arrays");
    await expect(readAll(file("a.npz", await npz({ names: names(["a"]) })))).rejects.toThrow("no array");
  });
});

describe("tables", () => {
  test("CSV with a list, or with a column for each number", async () => {
    const expected = [
      { name: "1.jpg", values: [1, 2, 3, 4] },
      { name: "2.jpg", values: [5, 6, 7, 8] },
    ];
    const lists = 'path,label,vector\n1.jpg,cat,"[1, 2, 3, 4]"\n2.jpg,dog,[5 6 7 8]\n';
    expect((await readAll(file("a.csv", lists))).rows).toEqual(expected);
    const columns = "file;d0;d1;d2;d3\n1.jpg;1;2;3;4\n2.jpg;5;6;7;8\n";
    expect((await readAll(file("a.csv", columns))).rows).toEqual(expected);
  });

  test("Parquet with a list column, and several parts in order, markers left aside", async () => {
    const part = (rows: readonly string[], start: number) =>
      parquetWriteBuffer({
        columnData: [
          { name: "id", data: [...rows], type: "STRING" },
          { name: "vector", data: rows.map((_, at) => [start + at, 1]), type: "JSON" },
        ],
      });
    const { rows } = await readAll(
      file("part-10.parquet", part(["c"], 3)),
      file("part-2.parquet", part(["a", "b"], 1)),
      file("_SUCCESS", ""),
      file(".part-2.parquet.crc", "x"),
    );
    expect(rows).toEqual([
      { name: "a", values: [1, 1] },
      { name: "b", values: [2, 1] },
      { name: "c", values: [3, 1] },
    ]);
  });

  test("name each row that cannot be used, and keep the others", async () => {
    const text = 'id,v\na,"[1,2]"\nb,"[NaN,2]"\nc,"[0,0]"\nd,"[1,2,3]"\ne,none\nf,"[3,4]"\n';
    const { rows, problems } = await readAll(file("a.csv", text));
    expect(rows.filter(({ values }) => values.some(Boolean)).map(({ name }) => name)).toEqual(["a", "f"]);
    expect(problems).toEqual([
      "Row 2 (b) holds a number that is not finite (NaN or infinity); its item has no vector.",
      "Row 3 (c) holds zeros only; its item has no vector.",
      "Row 4 (d) has 3 numbers where the others have 2; its item has no vector.",
      "Row 5 (e) has no list of numbers; its item has no vector.",
    ]);
  });

  test.each([
    ["no vectors", "id,label\na,cat\n", "has no vectors"],
    ["no names", "d0,d1,d2,d3\n1,2,3,4\n", "no column that names"],
    ["two columns of lists", 'id,a,b\nx,"[1,2]","[3,4]"\n', "several columns of lists"],
    ["no rows", "id,a\n", "holds no rows"],
  ])("with %s are refused", async (_, text, sentence) => {
    await expect(readAll(file("a.csv", text))).rejects.toThrow(sentence);
  });
});

test.each([
  ["a picture", "a.png", "\u0089PNG", "neither a NumPy array nor"],
  ["a pickle", "a.pkl", "abc", "pickled Python object"],
  ["nothing", "a.csv", "", "is empty"],
  ["a cut Parquet file", "a.parquet", "PAR1abcdefgh", "no Parquet file"],
])("%s is refused with a sentence", async (_, name, content, sentence) => {
  await expect(readAll(file(name, content))).rejects.toThrow(sentence);
});

test("parts of different models, and parts without names, are refused", async () => {
  const csv = (numbers: string) => `id,v\na,"[${numbers}]"\n`;
  await expect(readAll(file("a.csv", csv("1,2")), file("b.csv", csv("1,2,3")))).rejects.toThrow("same model");
  await expect(
    readAll(file("a.npy", npy("<f4", [2, 3], two)), file("b.npy", npy("<f4", [2, 3], two))),
  ).rejects.toThrow("no names");
});
