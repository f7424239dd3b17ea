// The real data that lies beside the checkout on the project's own machines (shared/data/MANIFEST.md). It is
// never part of the project, so everything that reads it is skipped where it is absent.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Papa from "papaparse";
import { createRandom } from "../../src/core/random";
import type { Example } from "./probe";

const root = fileURLToPath(new URL("../../../shared/data/", import.meta.url));

export function hasDataSet(name: string): boolean {
  const found = existsSync(`${root}${name}`);
  if (!found) console.warn(`Skipped: the data set ${name} is not at ${root}${name}.`);
  return found;
}

/** At most `count` rows of a text set, drawn at random. */
export function readTexts(name: string, split: "train" | "test", count: number): Example<string>[] {
  const file = readFileSync(`${root}${name}/${split}.csv`, "utf8");
  const { data } = Papa.parse<{ text: string; label: string }>(file, { header: true, skipEmptyLines: true });
  const drawn = createRandom(5).sample(data.length, Math.min(count, data.length));
  return drawn.map((row) => ({ input: data[row]!.text, label: data[row]!.label }));
}

/** The first `perClass` files of each class folder, as bytes. */
export function readImageFiles(name: string, split: "train" | "test", perClass: number): Example<Buffer>[] {
  const folder = `${root}${name}/${split}`;
  return readdirSync(folder).flatMap((label) =>
    readdirSync(`${folder}/${label}`)
      .sort()
      .slice(0, perClass)
      .map((file) => ({ input: readFileSync(`${folder}/${label}/${file}`), label })),
  );
}
