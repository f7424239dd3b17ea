// Real data for journeys: items with their true class, found by the hash the app knows them by. null where
// the data sets are not on this machine.

import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Papa from "papaparse";

const root = fileURLToPath(new URL("../../../../shared/data/", import.meta.url));

export interface RealItems {
  readonly classes: readonly string[];
  /** True class by item id. */
  readonly truth: ReadonlyMap<string, string>;
}

export function itemIdOf(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Copies the first `perClass` images of each class into one flat folder, so that no path names a class. */
export function copyImages(folder: string, perClass: number): RealItems | null {
  const source = join(root, "cifar10/train");
  if (!existsSync(source)) return null;
  mkdirSync(folder, { recursive: true });
  const classes = readdirSync(source).sort();
  const truth = new Map<string, string>();
  let number = 0;
  for (const name of classes) {
    for (const file of readdirSync(join(source, name)).sort().slice(0, perClass)) {
      const path = join(source, name, file);
      truth.set(itemIdOf(readFileSync(path)), name);
      copyFileSync(path, join(folder, `${String(number++).padStart(4, "0")}.jpg`));
    }
  }
  return { classes, truth };
}

export interface RealTexts extends RealItems {
  /** A CSV with the columns text and label, as it would come from a colleague. */
  readonly csv: string;
  readonly texts: readonly string[];
}

export function readTexts(count: number): RealTexts | null {
  const source = join(root, "ag_news/train.csv");
  if (!existsSync(source)) return null;
  const { data } = Papa.parse<{ text: string; label: string }>(readFileSync(source, "utf8"), {
    header: true,
    skipEmptyLines: true,
  });
  const rows = data.slice(0, count);
  return {
    csv: Papa.unparse(rows),
    texts: rows.map(({ text }) => text),
    classes: [...new Set(rows.map(({ label }) => label))].sort(),
    truth: new Map(rows.map(({ text, label }) => [itemIdOf(text), label])),
  };
}
