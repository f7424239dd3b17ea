// Class folders in a zip, unpacked again by our own zip reader.

import Papa from "papaparse";
import { expect, it } from "vitest";
import { Stopped } from "../../../src/core/errors";
import type { LabelRecord } from "../../../src/formats/export";
import { exporter } from "../../../src/formats/exporters/class-folders";
import { openZip } from "../../../src/formats/zip";
import { record, sourceOf } from "../export-source";
import { gather } from "../read-all";

const image = (name: string, classes: string[], part: Partial<LabelRecord> = {}) =>
  record({ kind: "image", text: null, name, path: `photos/${name}`, classes, ...part });

async function unpacked(source: ReturnType<typeof sourceOf>) {
  const archive = await openZip(await gather(exporter.write(source, null)));
  expect(archive.problems).toEqual([]);
  const files = new Map<string, string>();
  for (const entry of archive.entries) files.set(entry.path, new TextDecoder().decode(await entry.read(1e7)));
  const csv = files.get("labels.csv")!;
  const table = Papa.parse<Record<string, string>>(csv.replace("\uFEFF", ""), {
    header: true,
    skipEmptyLines: true,
  });
  return { paths: [...files.keys()], files, table: table.data };
}

it("puts each item in the folder of its class, and one of several classes in each", async () => {
  const records = [
    image("a.jpg", ["cat"]),
    image("b.jpg", ["cat", "dog"]),
    image("c.jpg", [], { status: "skipped" }),
    image("d.jpg", []),
    image("e.jpg", ["dog"], { status: "unsure" }),
  ];
  const source = sourceOf(records, {
    readBytes: async (itemId) => new Blob([`bytes of ${itemId.slice(-4)}`]),
  });
  const { paths, files, table } = await unpacked(source);
  expect(paths).toEqual(["cat/a.jpg", "cat/b.jpg", "dog/b.jpg", "labels.csv"]);
  expect(files.get("cat/a.jpg")).toBe(`bytes of ${records[0]!.itemId.slice(-4)}`);
  expect(table.map(({ askwell_item, label, status, files }) => [askwell_item, label, status, files])).toEqual(
    [
      [records[0]!.itemId, "cat", "labelled", "cat/a.jpg"],
      [records[1]!.itemId, "cat|dog", "labelled", "cat/b.jpg|dog/b.jpg"],
      [records[2]!.itemId, "", "skipped", ""],
      [records[3]!.itemId, "", "labelled", ""],
      [records[4]!.itemId, "dog", "unsure", ""],
    ],
  );
});

it("writes texts as .txt files", async () => {
  const { paths, files } = await unpacked(
    sourceOf([record({ name: "line 1", text: "héllo" }), record({ name: "notes.txt", text: "b" })]),
  );
  expect(paths).toEqual(["yes/line 1.txt", "yes/notes.txt", "labels.csv"]);
  expect(files.get("yes/line 1.txt")).toBe("héllo");
});

it("keeps every name apart, inside the archive and legal everywhere", async () => {
  const names = [
    "a.jpg",
    "A.JPG",
    "../../a.jpg",
    "é.png",
    "e\u0301.png",
    "con.png",
    "\u202egpj.exe",
    "x".repeat(500),
    "",
    "a/b\\c.png",
    "😀\ud83d.gif",
  ];
  const classes = ["cat", "Cat", "..", "labels.csv", "a/b", "NUL", "\u202e", " "];
  const records = names.flatMap((name) => classes.map((one) => image(name, [one])));
  const { paths, table } = await unpacked(sourceOf(records));
  expect(paths).toHaveLength(records.length + 1);
  expect(new Set(paths.map((path) => path.normalize("NFKC").toLowerCase())).size).toBe(paths.length);
  for (const path of paths.slice(0, -1)) {
    expect(path.split("/")).toHaveLength(2);
    for (const part of path.split("/")) {
      expect(part).not.toMatch(/[\\:*?"<>|\p{Cc}\p{Cs}\u202e]|^\.|[. ]$|^(con|nul)(\.|$)/iu);
      expect(new TextEncoder().encode(part).length).toBeLessThanOrEqual(130);
    }
  }
  expect(new Set(paths.slice(0, -1).map((path) => path.split("/")[0])).size).toBe(classes.length);
  expect(table.map(({ files }) => files)).toEqual(paths.slice(0, -1));
});

it("reports files that cannot be reached and goes on", async () => {
  const records = [image("gone.jpg", ["cat"]), image("broken.jpg", ["cat"]), image("here.jpg", ["cat"])];
  const source = sourceOf(records, {
    readBytes: async (itemId) => {
      if (itemId === records[1]!.itemId) throw new Error("no");
      return itemId === records[0]!.itemId ? null : new Blob(["here"]);
    },
  });
  const { paths, table } = await unpacked(source);
  expect(paths).toEqual(["cat/here.jpg", "labels.csv"]);
  expect(table).toHaveLength(3);
  expect(source.problems.map(({ place }) => place)).toEqual(["photos/gone.jpg", "photos/broken.jpg"]);
});

it("writes a large file piece by piece and unchanged", async () => {
  const bytes = Uint8Array.from({ length: 3_000_000 }, (_, at) => (at * at) % 251);
  const file = await gather(
    exporter.write(sourceOf([image("big.bin", ["x"])], { readBytes: async () => new Blob([bytes]) }), null),
  );
  const archive = await openZip(file);
  // Buffers compare fast; toEqual would look at three million numbers one by one.
  expect(Buffer.compare(await archive.entries[0]!.read(1e7), bytes)).toBe(0);
});

it("stops when told to, when nobody listens any more, and when records fail", async () => {
  const many = Array.from({ length: 50 }, (_, at) => image(`${at}.jpg`, ["x"]));
  await expect(gather(exporter.write(sourceOf(many), { aborted: true }))).rejects.toBeInstanceOf(Stopped);
  let read = 0;
  const source = sourceOf(many, { readBytes: async () => (read++, new Blob(["x".repeat(100_000)])) });
  for await (const piece of exporter.write(source, null)) if (piece.length > 0) break;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(read).toBeLessThan(10);
  const failing = sourceOf([], {
    async *records() {
      yield many[0]!;
      throw new Error("The disk went away.");
    },
  });
  await expect(gather(exporter.write(failing, null))).rejects.toThrow("The disk went away.");
});
