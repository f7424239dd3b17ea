// Saving a stream of bytes: piece by piece into the file the person chose, which changes only once all is there, and
// stops where the making of it stops.

import { afterEach, expect, test, vi } from "vitest";
import { Stopped } from "../../src/core/errors";
import { chooseTarget, saveFile } from "../../src/engine/save-file";
import { zipStream } from "../../src/formats/zip-stream";

type Picker = (options: object) => Promise<FileSystemFileHandle>;
const page = window as { showSaveFilePicker?: Picker };
const own = page.showSaveFilePicker;
afterEach(() => void (own ? (page.showSaveFilePicker = own) : delete page.showSaveFilePicker));

/** A real file of this origin's own, which is written like one that was picked. */
async function realFile(name: string): Promise<FileSystemFileHandle> {
  const root = await navigator.storage.getDirectory();
  await root.removeEntry(name).catch(() => undefined);
  return root.getFileHandle(name, { create: true });
}

/** An archive of so many megabytes of noise; counts what has been asked for. */
function archive(megabytes: number, stop: AbortSignal | null) {
  const made = { entries: 0 };
  async function* entries() {
    for (; made.entries < megabytes; made.entries++) {
      const content = new Uint8Array(1024 * 1024);
      for (let at = 0; at < content.length; at += 65_536)
        crypto.getRandomValues(content.subarray(at, at + 65_536));
      yield { path: `${made.entries}.bin`, content, stored: true };
    }
  }
  return { made, pieces: zipStream(entries(), Date.UTC(2025, 0, 2), stop) };
}

test("a large archive goes to the chosen file as it is made, with how much there is so far", async () => {
  const target = await realFile("large.zip");
  const { made, pieces } = archive(40, null);
  const sizes: number[] = [];
  let ahead = 0;
  await saveFile(
    "large.zip",
    "application/zip",
    pieces,
    (sizeBytes) => {
      sizes.push(sizeBytes);
      ahead = Math.max(ahead, made.entries - sizeBytes / 1024 / 1024);
    },
    target,
  );
  const file = await target.getFile();
  expect(sizes.at(-1)).toBe(file.size);
  expect(file.size).toBeGreaterThan(40 * 1024 * 1024);
  expect([...sizes].sort((a, b) => a - b)).toEqual(sizes);
  // Nothing is made ahead of what has been written but the entry under way.
  expect(ahead).toBeLessThan(3);
  expect(new Uint8Array(await file.slice(0, 2).arrayBuffer())).toEqual(new TextEncoder().encode("PK"));
});

test("one that is stopped leaves the chosen file as it was", async () => {
  const target = await realFile("kept.zip");
  const before = await target.createWritable();
  await before.write("what was there");
  await before.close();
  const stop = new AbortController();
  const { made, pieces } = archive(40, stop.signal);
  const saving = saveFile(
    "kept.zip",
    "application/zip",
    pieces,
    (sizeBytes) => {
      if (sizeBytes > 3 * 1024 * 1024) stop.abort();
    },
    target,
  );
  await expect(saving).rejects.toBeInstanceOf(Stopped);
  expect(made.entries).toBeLessThan(10);
  expect(await (await target.getFile()).text()).toBe("what was there");
});

test("asks where to save, takes no for an answer, and does without where nobody can be asked", async () => {
  const target = await realFile("picked.csv");
  const picker = vi.fn<Picker>(async () => target);
  page.showSaveFilePicker = picker;
  expect(await chooseTarget("labels.csv", "text/csv;charset=utf-8")).toBe(target);
  expect(picker).toHaveBeenCalledWith({
    suggestedName: "labels.csv",
    types: [{ accept: { "text/csv": [".csv"] } }],
  });
  page.showSaveFilePicker = () => Promise.reject(new DOMException("no", "AbortError"));
  await expect(chooseTarget("labels.csv", "text/csv")).rejects.toThrow("no");
  page.showSaveFilePicker = () => Promise.reject(new DOMException("in a frame", "SecurityError"));
  expect(await chooseTarget("labels.csv", "text/csv")).toBeNull();
  delete page.showSaveFilePicker;
  expect(await chooseTarget("labels.csv", "text/csv")).toBeNull();
});
