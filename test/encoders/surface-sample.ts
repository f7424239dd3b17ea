// The shipped image sample with its truth: small defects on metal, which summaries of a whole image miss.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type FileEntry, Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from "@zip.js/zip.js";
import Papa from "papaparse";
import type { Example } from "./probe";

const folder = fileURLToPath(new URL("../../public/samples/surface/", import.meta.url));

export async function readSurfaceSample(): Promise<Example<Uint8Array>[]> {
  const { data } = Papa.parse<{ file: string; label: string }>(readFileSync(`${folder}truth.csv`, "utf8"), {
    header: true,
    skipEmptyLines: true,
  });
  const zip = new ZipReader(new Uint8ArrayReader(new Uint8Array(readFileSync(`${folder}surface.zip`))));
  const entries = (await zip.getEntries()) as FileEntry[];
  const byName = new Map(entries.map((entry) => [entry.filename, entry]));
  return Promise.all(
    data.map(async ({ file, label }) => ({
      input: await byName.get(file)!.getData(new Uint8ArrayWriter()),
      label,
    })),
  );
}
