// A bundle comes back as it was written, and every way to break one ends in a sentence.

import {
  BlobReader,
  Uint8ArrayReader,
  Uint8ArrayWriter,
  ZipReader,
  ZipWriter,
  type FileEntry,
} from "@zip.js/zip.js";
import { describe, expect, it } from "vitest";
import { createRandom } from "../../../src/core/random";
import { BundleDamaged, BundleRefused } from "../../../src/formats/bundle/damaged";
import { sha256 } from "../../../src/formats/bundle/hash";
import { pack } from "../../../src/formats/bundle/packed";
import { openBundle, type Bundle } from "../../../src/formats/bundle/read";
import type { TermModel } from "../../../src/core/learning/model";
import type { TermRows } from "../../../src/core/learning/terms";
import type { BundledChunk } from "../../../src/formats/bundle/records";
import { runs } from "../break-files";
import { all, bundleOf, bytesOf, eventOf, itemsOf, layerOf, projectOf, roundOf, stream } from "./make-bundle";

/** Reading one takes a hundred times what reading a table does. */
const bundles = Math.max(120, Math.ceil(runs / 10));

const open = (file: Blob) => openBundle(file, "work.askwell", null);

/** Everything a bundle holds, read to the end. */
async function readAll(bundle: Bundle) {
  const items = (await all(bundle.items())).flat();
  return {
    project: await bundle.project(),
    events: (await all(bundle.events())).flat(),
    items,
    contents: await Promise.all(items.map(({ itemId }) => bundle.content(itemId))),
    rounds: await all(bundle.rounds()),
    encoders: await all(bundle.encoders()),
    chunks: await all(bundle.chunks()),
  };
}

/** The bundle with some of its entries changed; null takes one out. */
async function rebuilt(
  file: Blob,
  change: (path: string, bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array | null> | Uint8Array | null,
  more: Readonly<Record<string, string>> = {},
): Promise<Blob> {
  const writer = new ZipWriter(new Uint8ArrayWriter());
  const reader = new ZipReader(new BlobReader(file));
  for (const entry of (await reader.getEntries()) as FileEntry[]) {
    const bytes = await change(entry.filename, await entry.getData(new Uint8ArrayWriter()));
    if (bytes) await writer.add(entry.filename, new Uint8ArrayReader(bytes));
  }
  for (const [path, text] of Object.entries(more))
    await writer.add(path, new Uint8ArrayReader(bytesOf(text)));
  return new Blob([await writer.close()]);
}

/** The bundle with one part replaced and the manifest telling of it: a liar who knows the format. */
async function forged(
  file: Blob,
  path: string,
  content: string | Uint8Array<ArrayBuffer>,
  change: object = {},
): Promise<Blob> {
  const bytes = typeof content === "string" ? bytesOf(content) : content;
  const digest = await sha256(bytes);
  return rebuilt(file, (name, old) => {
    if (name === path) return bytes;
    if (name !== "manifest.json") return old;
    const manifest = Object.assign(JSON.parse(new TextDecoder().decode(old)), change);
    const part = manifest.parts.find((one: { path: string }) => one.path === path);
    Object.assign(part, { sizeBytes: bytes.length, sha256: digest });
    return bytesOf(JSON.stringify(manifest));
  });
}

describe("a sound bundle", () => {
  it.each(["text", "image"] as const)("of %ss comes back as it was written", async (kind) => {
    const bundle = await open(await bundleOf(kind));
    const items = await itemsOf(kind, 3);
    expect(bundle.manifest).toMatchObject({
      version: 2,
      annotator: "Ada",
      holds: { items: true, embeddings: true },
      counts: { items: 3, events: 3, rounds: 2 },
    });
    const found = await readAll(bundle);
    expect(found.project).toEqual(projectOf(kind));
    expect(found.items).toEqual(items);
    expect(found.events).toEqual(items.map(({ itemId }, at) => eventOf(at + 1, itemId)));
    expect(found.rounds).toEqual([roundOf(1), roundOf(2)]);
    expect(found.encoders[0]!.state).toEqual({ axes: Float32Array.of(1.5) });
    expect(found.chunks[0]!.values).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
    if (kind === "image") {
      expect(found.contents).toEqual(items.map((_, at) => bytesOf(`item ${at}`)));
      expect(await bundle.thumbnail(items[0]!.itemId)).toEqual(bytesOf("small"));
      expect(await bundle.thumbnail(items[1]!.itemId)).toBeNull();
    }
  });

  it("of answers only holds nothing else", async () => {
    const bundle = await open(await bundleOf("text", { items: null, embeddings: null }));
    expect(bundle.manifest.parts.map(({ path }) => path)).toEqual(["project.json", "events/0.jsonl"]);
    expect(bundle.manifest.holds).toEqual({ items: false, embeddings: false });
  });

  it("holds terms, and a model that reads them", async () => {
    const { summary, detail } = roundOf(1);
    const trial = { used: true, tested: 400, rightWithout: 300, rightWith: 320 };
    const round = { summary: { ...summary, terms: trial }, detail: { ...detail, model: termModel } };
    const written = await bundleOf("text", {
      rounds: () => stream([round]),
      embeddings: { encoders: () => stream([]), chunks: () => stream([chunk]) },
    });
    const bundle = await open(written);
    expect(await all(bundle.rounds())).toEqual([round]);
    expect(await all(bundle.chunks())).toEqual([chunk]);
  });

  it("of version 1 is read with its one kind of model", async () => {
    const { summary, detail } = roundOf(1);
    const { fallback: _fallback, ...rest } = summary;
    const old = pack({
      summary: { ...rest, activation: "sigmoid" },
      detail: { questions: detail.questions, layer: layerOf(1) },
    });
    const written = await bundleOf("text", { rounds: () => stream([roundOf(1)]) });
    const file = await forged(written, "rounds/1.packed", old, { version: 1 });
    const [first] = await all((await open(file)).rounds());
    expect(first!.summary).toEqual(summary);
    expect(first!.detail!.model).toEqual({ kind: "linear", layer: layerOf(1), activation: "sigmoid" });
  });

  it("holds many events in parts, in order", async () => {
    const [item] = await itemsOf("text", 1);
    const events = Array.from({ length: 12_345 }, (_, at) => eventOf(at, item!.itemId));
    const bundle = await open(await bundleOf("text", { events: () => events }));
    expect((await all(bundle.events())).map(({ length }) => length)).toEqual([5000, 5000, 2345]);
    expect((await all(bundle.events())).flat()).toEqual(events);
  });
});

const layer = { columns: 5, classes: 1, known: Uint16Array.of(0, 4), weights: Float32Array.of(1, 2) };
const termModel: TermModel = {
  kind: "with-terms",
  base: { kind: "linear", layer: layerOf(1), activation: "softmax" },
  baseShare: 0.5,
  terms: { ...layer, bias: Float32Array.of(0.5) },
  activation: "softmax",
};
const terms: TermRows = {
  rows: 3,
  columns: 5,
  offsets: Uint32Array.of(0, 2, 2, 3),
  indices: Uint16Array.of(0, 4, 2),
  values: Float32Array.of(0.6, 0.8, 1),
};
const chunk: BundledChunk = {
  encoderKey: "text-hash@1/3",
  firstRow: 0,
  rows: 3,
  dims: 2,
  values: Float32Array.of(1, 2, 3, 4, 5, 6),
  terms,
};

describe("a broken bundle", () => {
  it.each([
    { offsets: Uint32Array.of(0, 3, 2, 3) },
    { indices: Uint16Array.of(0, 5, 2) },
    { values: Float32Array.of(1) },
    { rows: 2 },
  ])("whose terms do not fit together is refused: %o", async (change) => {
    const wrong = { ...chunk, terms: { ...terms, ...change } };
    const embeddings = { encoders: () => stream([]), chunks: () => stream([wrong]) };
    const bundle = await open(await bundleOf("text", { embeddings }));
    await expect(all(bundle.chunks())).rejects.toThrow(BundleDamaged);
  });

  it.each([
    { terms: { ...termModel.terms, known: Uint16Array.of(0, 5) } },
    { terms: { ...termModel.terms, weights: Float32Array.of(1) } },
    { base: termModel },
    { baseShare: "half" },
  ])("whose model weighs terms that are not there is refused", async (change) => {
    const { summary, detail } = roundOf(1);
    const wrong = { summary, detail: { ...detail, model: { ...termModel, ...change } as TermModel } };
    const bundle = await open(await bundleOf("text", { rounds: () => stream([wrong]) }));
    await expect(all(bundle.rounds())).rejects.toThrow(BundleDamaged);
  });

  it("cut short anywhere is refused with a sentence", async () => {
    const file = await bundleOf("image");
    for (const share of [0, 0.01, 0.3, 0.5, 0.9, 0.999]) {
      const cut = file.slice(0, Math.floor(file.size * share));
      await expect(open(cut).then(readAll)).rejects.toThrow(
        /work\.askwell is no Askwell bundle, or it was cut short/,
      );
    }
  });

  it("whose part is not what its manifest says is refused", async () => {
    const file = await rebuilt(await bundleOf("text"), (path, bytes) =>
      path === "events/0.jsonl" ? bytesOf(new TextDecoder().decode(bytes).replace("Ada", "Eve")) : bytes,
    );
    await expect(open(file).then(readAll)).rejects.toThrow(
      "events/0.jsonl in it is not what its manifest promises",
    );
  });

  it("that lacks a part names it", async () => {
    const file = await rebuilt(await bundleOf("text"), (path, bytes) =>
      path === "rounds/2.packed" ? null : bytes,
    );
    await expect(open(file).then(readAll)).rejects.toThrow("rounds/2.packed in it is missing");
  });

  it("gives null for an image that is not what its name says, and the others", async () => {
    const [first] = await itemsOf("image", 1);
    const file = await rebuilt(await bundleOf("image"), (path, bytes) =>
      path === `contents/${first!.itemId}` ? bytesOf("forged") : bytes,
    );
    const { contents } = await readAll(await open(file));
    expect(contents.map((one) => one !== null)).toEqual([false, true, true]);
  });

  it("of a newer Askwell is refused, by name", async () => {
    const file = await rebuilt(await bundleOf("text"), (path, bytes) =>
      path === "manifest.json"
        ? bytesOf(new TextDecoder().decode(bytes).replace('"version": 2', '"version": 99'))
        : bytes,
    );
    await expect(open(file)).rejects.toThrow(/made by a newer Askwell \(0\.1\.0, bundle version 99/);
    await expect(open(file)).rejects.toBeInstanceOf(BundleRefused);
  });

  it("with a model of a kind not known here is refused as one of a newer Askwell", async () => {
    const { summary, detail } = roundOf(1);
    const model = { kind: "forest", activation: "softmax" } as never;
    const round = { summary, detail: { ...detail, model } };
    const reading = open(await bundleOf("text", { rounds: () => stream([round]) })).then(readAll);
    await expect(reading).rejects.toThrow(/a kind that this Askwell does not know \(“forest”\)/);
  });

  it("that is another zip, or no zip, is refused", async () => {
    const empty = await rebuilt(await bundleOf("text"), () => null, { "a.txt": "a" });
    await expect(open(empty)).rejects.toThrow("no Askwell bundle: it has no manifest");
    await expect(open(new Blob(["PK no"]))).rejects.toBeInstanceOf(BundleRefused);
  });

  it("with paths that climb out reads as if they were not there", async () => {
    const file = await rebuilt(await bundleOf("text"), (_, bytes) => bytes, { "../../etc/passwd": "root" });
    expect((await readAll(await open(file))).items).toHaveLength(3);
    const doubled = await rebuilt(await bundleOf("text"), (_, bytes) => bytes, { "./project.json": "{}" });
    await expect(open(doubled)).rejects.toThrow("project.json in it is there twice");
  });

  it.each([
    ["project.json", '{"id":1}'],
    ["project.json", JSON.stringify({ ...projectOf("text"), classes: [{ id: "a", color: "url(x)" }] })],
    ["project.json", JSON.stringify({ ...projectOf("text"), id: "other" })],
    ["events/0.jsonl", "not json\n"],
    ["events/0.jsonl", '{"type":"answer"}\n'],
    // A moment no calendar has would throw wherever it is shown.
    ["events/0.jsonl", '{"type":"undo","id":"1","projectId":"p","at":9e15,"annotator":"A","step":"1"}\n'],
    ["items/0.jsonl", '{"itemId":"../../x"}\n'],
    ["items/0.jsonl", "[]\n"],
    ["rounds/1.packed", ""],
    ["rounds/1.packed", "\u0002\u0000\u0000\u0000{}"],
    ["embeddings/0.packed", '\u0024\u0000\u0000\u0000{"values":{"$array":["Float32Array",0,9]}}'],
    ["encoders/0.packed", "\u007f\u007f\u007f\u007f{}"],
  ])("with right hashes and a wrong %s is refused", async (path, content) => {
    const file = await forged(await bundleOf("text"), path, content);
    await expect(open(file).then(readAll)).rejects.toBeInstanceOf(BundleDamaged);
  });

  it("with bytes changed at random ends in a sentence or reads the same", { timeout: 600_000 }, async () => {
    const file = new Uint8Array(await (await bundleOf("image")).arrayBuffer());
    const sound = await readAll(await open(new Blob([file])));
    const random = createRandom(17);
    let refused = 0;
    for (let turn = 0; turn < bundles; turn++) {
      const bytes = file.slice();
      for (let hit = 0; hit <= turn % 4; hit++) bytes[random.integer(bytes.length)] = random.integer(256);
      try {
        const { contents, ...rest } = await readAll(await open(new Blob([bytes])));
        expect(rest).toEqual({ ...sound, contents: undefined });
        contents.forEach((one, at) =>
          expect(one === null || one.join() === bytesOf(`item ${at}`).join()).toBe(true),
        );
      } catch (error) {
        if (!(error instanceof BundleDamaged || error instanceof BundleRefused)) throw error;
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(bundles / 2);
  });
});
