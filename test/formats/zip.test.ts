// Reading archives made by zip.js itself, and archives made to do harm.

import { beforeAll, describe, expect, it } from "vitest";
import { Stopped } from "../../src/core/errors";
import { openZip, ZipEntryError } from "../../src/formats/zip";
import { BlobReader, ZipWriter } from "../../src/formats/zip-library";
import { cleanPath, isClutter } from "../../src/formats/zip-path";
import { messages } from "./read-all";

interface Content {
  readonly bytes: Blob;
  readonly options?: object;
}

async function zipOf(entries: Record<string, string | Content>): Promise<Blob> {
  const { readable, writable } = new TransformStream();
  const whole = new Response(readable).blob();
  const zip = new ZipWriter(writable);
  for (const [path, content] of Object.entries(entries)) {
    const { bytes, options } =
      typeof content === "string" ? { bytes: new Blob([content]), options: {} } : content;
    await zip.add(path, path.endsWith("/") ? null : new BlobReader(bytes), options ?? {});
  }
  await zip.close();
  return whole;
}

async function bytesOf(blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await blob.arrayBuffer());
}

/** Where the 4-byte signature stands, from a position on. */
function find(bytes: Uint8Array, signature: number, from = 0): number {
  const view = new DataView(bytes.buffer);
  for (let at = from; at + 4 <= bytes.length; at++) if (view.getUint32(at, true) === signature) return at;
  return -1;
}

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe("opening", () => {
  it("lists files and folders and reads them", async () => {
    const archive = await openZip(
      await zipOf({ "cat/": "", "cat/1.txt": "one", "ünï/2.txt": "two".repeat(1000) }),
    );
    expect(archive.problems).toEqual([]);
    expect(archive.entries.map(({ path, directory, sizeBytes }) => [path, directory, sizeBytes])).toEqual([
      ["cat", true, 0],
      ["cat/1.txt", false, 3],
      ["ünï/2.txt", false, 3000],
    ]);
    expect(decode(await archive.entries[1]!.read(1000))).toBe("one");
    expect(decode(await archive.entries[2]!.read(3000))).toBe("two".repeat(1000));
    // Twice is fine.
    expect(decode(await archive.entries[1]!.read(1000))).toBe("one");
    await archive.close();
  });

  it("leaves out what systems put there", async () => {
    const archive = await openZip(
      await zipOf({
        "__MACOSX/._a.png": "x",
        "a/.DS_Store": "x",
        "a/Thumbs.db": "x",
        "a/._b.png": "x",
        "a/b.png": "x",
      }),
    );
    expect(archive.entries.map(({ path }) => path)).toEqual(["a/b.png"]);
    expect(archive.problems).toEqual([]);
  });

  it("cleans paths and refuses those that climb out", async () => {
    const archive = await openZip(
      await zipOf({
        "../evil.txt": "x",
        "a/../../b.txt": "x",
        "/etc/passwd": "x",
        "C:\\temp\\c.txt": "x",
        "d//./e.txt": "x",
      }),
    );
    expect(archive.entries.map(({ path }) => path)).toEqual(["etc/passwd", "temp/c.txt", "d/e.txt"]);
    expect(messages(archive.problems)).toEqual([
      "../evil.txt has a path that climbs out of the archive; it was left out.",
      "a/../../b.txt has a path that climbs out of the archive; it was left out.",
    ]);
  });

  it("reports zips inside and locked entries", async () => {
    const locked: Content = { bytes: new Blob(["x"]), options: { password: "p", zipCrypto: true } };
    const archive = await openZip(
      await zipOf({ "inner.ZIP": "x", "locked.txt": locked, "open.txt": "fine" }),
    );
    expect(messages(archive.problems)).toEqual([
      "inner.ZIP is a zip inside a zip and is not opened; unpack it first.",
      expect.stringContaining("locked.txt is protected by a password"),
    ]);
    expect(archive.entries.map(({ path, encrypted }) => [path, encrypted])).toEqual([
      ["locked.txt", true],
      ["open.txt", false],
    ]);
    await expect(archive.entries[0]!.read(100)).rejects.toBeInstanceOf(ZipEntryError);
    expect(decode(await archive.entries[1]!.read(100))).toBe("fine");
  });

  it("leaves out links, whatever they point to", async () => {
    const bytes = await bytesOf(await zipOf({ "link.png": "/etc/passwd", "open.txt": "fine" }));
    const view = new DataView(bytes.buffer);
    const central = find(bytes, 0x02014b50);
    // Made on Unix, and of the mode that links have there.
    view.setUint8(central + 5, 3);
    view.setUint32(central + 38, (0o120777 << 16) >>> 0, true);
    const archive = await openZip(new Blob([bytes]));
    expect(archive.entries.map(({ path }) => path)).toEqual(["open.txt"]);
    expect(messages(archive.problems)).toEqual(["link.png is a link to another file; it was left out."]);
  });

  it("says that something else is no archive", async () => {
    await expect(openZip(new Blob(["not a zip at all"]))).rejects.toThrow(/not a zip archive/);
    await expect(openZip(new Blob([]))).rejects.toThrow(/not a zip archive/);
    const whole = await zipOf({ "a.txt": "some text" });
    await expect(openZip(whole.slice(0, whole.size - 30))).rejects.toThrow(/not a zip archive/);
  });

  it("stops when told to", async () => {
    const blob = await zipOf({ "a.txt": "x" });
    await expect(openZip(blob, { aborted: true })).rejects.toBeInstanceOf(Stopped);
    const archive = await openZip(blob);
    await expect(archive.entries[0]!.read(100, { aborted: true })).rejects.toBeInstanceOf(Stopped);
  });
});

describe("harm", () => {
  let bomb: Blob;
  const bombBytes = 64 * 1024 * 1024;

  beforeAll(async () => {
    bomb = await zipOf({ "bomb.bmp": { bytes: new Blob([new Uint8Array(bombBytes)]) } });
  });

  it("stops inflating a bomb", async () => {
    expect(bomb.size).toBeLessThan(bombBytes / 500);
    const archive = await openZip(bomb);
    await expect(archive.entries[0]!.read(1e9)).rejects.toThrow(/more than 200 times its size/);
  });

  it("stops at the limit, whatever the header claims", async () => {
    const bytes = await bytesOf(bomb);
    const view = new DataView(bytes.buffer);
    // The uncompressed size in the central directory: 24 bytes in.
    const central = find(bytes, 0x02014b50);
    view.setUint32(central + 24, 1000, true);
    const archive = await openZip(new Blob([bytes]));
    expect(archive.entries[0]!.sizeBytes).toBe(1000);
    const error = await archive.entries[0]!.read(5 * 1024 * 1024).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ZipEntryError);
    const honest = await openZip(bomb);
    await expect(honest.entries[0]!.read(5 * 1024 * 1024)).rejects.toThrow(
      "bomb.bmp unpacks to more than 5 MB; it was left out.",
    );
  });

  it("counts entries that share their bytes together", async () => {
    // Nine million zeros a time stay under the free allowance of one entry; a hundred names point to them.
    const one = await bytesOf(await zipOf({ "x.bin": { bytes: new Blob([new Uint8Array(9_000_000)]) } }));
    const central = find(one, 0x02014b50);
    const end = find(one, 0x06054b50);
    const record = one.subarray(central, end);
    const tail = one.slice(end);
    const view = new DataView(tail.buffer);
    for (const at of [8, 10]) view.setUint16(at, 100, true);
    view.setUint32(12, record.length * 100, true);
    const parts = [one.subarray(0, central), ...Array.from({ length: 100 }, () => record), tail];
    const archive = await openZip(new Blob(parts as BlobPart[]));
    expect(archive.entries).toHaveLength(100);
    let read = 0;
    const refused = await (async () => {
      for (const entry of archive.entries) read += (await entry.read(1e9)).length;
      return null;
    })().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ZipEntryError);
    expect(read).toBeLessThan(30_000_000);
  });

  it("names a damaged entry and reads the others", async () => {
    const bytes = await bytesOf(await zipOf({ "a.txt": "text ".repeat(5000), "b.txt": "fine" }));
    // Behind the first local header: 30 bytes and the name.
    bytes.fill(0xff, 40, 60);
    const archive = await openZip(new Blob([bytes]));
    await expect(archive.entries[0]!.read(1e6)).rejects.toThrow(
      "a.txt is damaged in the archive; it was left out.",
    );
    expect(decode(await archive.entries[1]!.read(1e6))).toBe("fine");
  });

  it("notices a wrong checksum", async () => {
    const bytes = await bytesOf(
      await zipOf({ "a.txt": { bytes: new Blob(["stored text"]), options: { level: 0 } } }),
    );
    // Not of the decoded text: what the header's bytes decode to may be fewer characters than bytes.
    const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf("stored text");
    bytes[at] = "S".charCodeAt(0);
    const archive = await openZip(new Blob([bytes]));
    await expect(archive.entries[0]!.read(1e6)).rejects.toThrow(/damaged/);
  });
});

describe("paths", () => {
  it.each([
    ["a/b.png", { path: "a/b.png" }],
    ["a\\b.png", { path: "a/b.png" }],
    ["\\\\server\\share\\b.png", { path: "server/share/b.png" }],
    ["c:/b.png", { path: "b.png" }],
    ["a/\u202egnp.exe", { path: "a/gnp.exe" }],
    ["a/b.png\0.txt", { path: "a/b.png.txt" }],
    ["a/...", { path: "a/..." }],
  ])("cleans %j", (raw, clean) => expect(cleanPath(raw)).toEqual(clean));

  it.each(["..", "a/..\\b", "/", "", "./", "a/.\u200e./b"])("refuses %j", (raw) =>
    expect(cleanPath(raw)).toHaveProperty("refusal"),
  );

  it("knows clutter by its last part", () => {
    expect(isClutter("a/desktop.ini")).toBe(true);
    expect(isClutter("Thumbs.db/real.png")).toBe(false);
  });
});
