// Holds the shipped samples to their description: what the first screen promises is what the files contain.
import { readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader, type FileEntry } from "@zip.js/zip.js";
import Papa from "papaparse";
import { describe, expect, test } from "vitest";

interface Sample {
  id: string;
  name: string;
  summary: string;
  kind: "image" | "text";
  answerMode: "single";
  guidelines: string;
  classes: { name: string; key: string; color: string; definition: string }[];
  file: string;
  truth: string;
  textColumn?: string;
  itemCount: number;
  sizeBytes: number;
}

const folder = fileURLToPath(new URL("../../public/samples/", import.meta.url));
const read = (path: string) => readFileSync(folder + path, "utf8");
const samples = JSON.parse(read("samples.json")) as Sample[];
const rows = (path: string) => {
  const parsed = Papa.parse<Record<string, string>>(read(path), { header: true, skipEmptyLines: true });
  expect(parsed.errors).toEqual([]);
  return parsed.data;
};

async function openZip(path: string): Promise<FileEntry[]> {
  const zip = new ZipReader(new Uint8ArrayReader(new Uint8Array(readFileSync(folder + path))));
  return (await zip.getEntries()) as FileEntry[];
}

/** Names of the items as the import sees them. */
async function itemNames(sample: Sample): Promise<string[]> {
  if (sample.kind === "image") return (await openZip(sample.file)).map((entry) => entry.filename);
  return rows(sample.file).map((row) => row.ticket!);
}

const share = (labels: string[], name: string) =>
  labels.filter((label) => label === name).length / labels.length;

test("one image sample and one text sample, under 3 MB together", () => {
  expect(samples.map((sample) => sample.kind).sort()).toEqual(["image", "text"]);
  const bytes = samples
    .flatMap(({ file, truth }) => [file, truth])
    .map((path) => statSync(folder + path).size);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(3e6);
});

describe.each(samples)("$name", (sample) => {
  const truth = rows(sample.truth);
  const labels = truth.map((row) => row.label!);
  const names = sample.classes.map((each) => each.name);

  test("describes itself completely", () => {
    expect(sample.answerMode).toBe("single");
    for (const text of [sample.id, sample.name, sample.summary, sample.guidelines]) expect(text).not.toBe("");
    expect(sample.summary).toContain(String(sample.itemCount));
    for (const each of sample.classes) {
      expect([...each.key]).toHaveLength(1);
      expect(each.color).toMatch(/^#[0-9A-F]{6}$/);
      expect(each.definition).toMatch(/\.$/);
    }
    for (const field of ["name", "key", "color"] as const) {
      expect(new Set(sample.classes.map((each) => each[field])).size).toBe(sample.classes.length);
    }
  });

  test("has the stated size and number of items", async () => {
    expect(statSync(folder + sample.file).size).toBe(sample.sizeBytes);
    expect(await itemNames(sample)).toHaveLength(sample.itemCount);
  });

  test("has one true class for every item", async () => {
    const judged = truth.map((row) => row.file ?? row.ticket);
    expect([...judged].sort()).toEqual([...(await itemNames(sample))].sort());
    expect(new Set(judged).size).toBe(judged.length);
    expect(new Set(labels)).toEqual(new Set(names));
  });

  test("gives no class away in a name or by the order", async () => {
    for (const item of await itemNames(sample)) {
      for (const name of names) expect(item.toLowerCase()).not.toContain(name.split(" ")[0]);
    }
    const half = labels.length / 2;
    for (const name of names) {
      expect(Math.abs(share(labels.slice(0, half), name) - share(labels.slice(half), name))).toBeLessThan(
        0.1,
      );
    }
  });
});

test("the classes of the surfaces are as uneven as faults are", () => {
  const labels = rows("surface/truth.csv").map((row) => row.label!);
  expect(share(labels, "good")).toBeCloseTo(0.55, 2);
  expect(share(labels, "dent")).toBeCloseTo(0.1, 2);
});

test("surfaces are different WebP pictures of 160 by 160", async () => {
  const contents = new Set<string>();
  for (const entry of await openZip("surface/surface.zip")) {
    expect(entry.filename).toMatch(/^images\/\d{4}\.webp$/);
    const bytes = Buffer.from(await entry.getData(new Uint8ArrayWriter()));
    expect(bytes.toString("latin1", 0, 4) + bytes.toString("latin1", 8, 16)).toBe("RIFFWEBPVP8 ");
    // In a lossy frame the key-frame start code is followed by width and height, 14 bits each.
    expect([bytes.readUInt16LE(26) & 0x3fff, bytes.readUInt16LE(28) & 0x3fff]).toEqual([160, 160]);
    contents.add(bytes.toString("base64"));
  }
  expect(contents.size).toBe(480);
});

describe("the texts of the tickets", () => {
  const texts = rows("tickets/tickets.csv").map((row) => row.text!);
  const letters = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ");

  test("are distinct, even without case and punctuation", () => {
    expect(new Set(texts.map(letters)).size).toBe(texts.length);
  });

  test("are 6 to 90 words long, with nothing left of the templates", () => {
    for (const text of texts) {
      const words = text.split(/\s+/).length;
      expect(words).toBeGreaterThanOrEqual(6);
      expect(words).toBeLessThanOrEqual(90);
      expect(text).not.toMatch(/[[\]|]|undefined/);
    }
  });

  test("include what real inboxes include", () => {
    const some = (pattern: RegExp) => texts.some((text) => pattern.test(text));
    expect(some(/<img src=x onerror=alert\(1\)>/)).toBe(true);
    expect(some(/^=SUM\(/)).toBe(true);
    expect(some(/\p{Extended_Pictographic}/u)).toBe(true);
    expect(some(/Bonjour|Guten Tag|Hola/)).toBe(true);
    expect(some(/\n/)).toBe(true);
  });

  test("are rarely urgent", () => {
    const labels = rows("tickets/truth.csv").map((row) => row.label!);
    expect(share(labels, "urgent outage")).toBeCloseTo(0.05, 2);
  });
});
