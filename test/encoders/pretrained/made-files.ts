// Files of a model that a test makes up; also for tests that run in a browser.

import type { ModelFile } from "../../../src/formats/models/model-files";

/** Files made up by a test. */
export function madeFiles(files: Readonly<Record<string, unknown>>): ModelFile[] {
  return Object.entries(files).map(([path, content]) => ({
    path: `made/${path}`,
    file: new Blob([
      typeof content === "string" || content instanceof Uint8Array
        ? (content as string | Uint8Array<ArrayBuffer>)
        : JSON.stringify(content),
    ]),
  }));
}
