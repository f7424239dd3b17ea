// A folder on disk as a browser would hand it over.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
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
