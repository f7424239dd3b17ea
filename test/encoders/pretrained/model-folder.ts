// Model folders for the tests: read from disk as a browser would hand them over.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ModelFile } from "../../../src/formats/models/model-files";

/** All files below a folder, as if that folder had been picked. */
export function pickFolder(folder: string): ModelFile[] {
  const name = folder.split("/").at(-1)!;
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const full = join(entry.parentPath, entry.name);
      return { path: name + full.slice(folder.length), file: new Blob([readFileSync(full)]) };
    });
}

const encoders = fileURLToPath(
  new URL("../../../../shared/data/encoders/tm-mobilenetv2-035-tfjs", import.meta.url),
);
export const hasMobileNets = existsSync(encoders);
if (!hasMobileNets) console.warn(`Skipped: no pretrained encoders at ${encoders}.`);

export function mobileNet(name: "mobilenetv2-0.35-224" | "mobilenetv1-0.25-96-gray"): ModelFile[] {
  return pickFolder(join(encoders, name));
}

export const allMobileNets = (): ModelFile[] => pickFolder(encoders);
