// The bytes of an item for an archive, and the names its files get there.

import type { ExportSource, LabelRecord } from "./export";
import { safeName, UniqueNames } from "./safe-name";
import type { NewEntry } from "./zip-stream";

/** Read here and not by the zip writer, whose failure would end the whole archive. null was reported. */
export async function contentOf(
  record: LabelRecord,
  source: ExportSource,
): Promise<NewEntry["content"] | null> {
  if (record.kind === "text" && record.text !== null) return record.text;
  try {
    const bytes = await source.readBytes(record.itemId);
    if (bytes !== null) return new Uint8Array(await bytes.arrayBuffer());
  } catch {
    // One file that cannot be read must not cost the person the whole export; it is reported below.
  }
  const message = `The file of ${record.path} cannot be reached any more; its label went in, its file was left out.`;
  source.report({ place: record.path, message });
  return null;
}

/** Names that are unique within their folder, and folders that are unique whatever the classes are called. */
export class FolderNames {
  readonly #folderNames = new UniqueNames();
  readonly #folders = new Map<string, { readonly path: string; readonly names: UniqueNames }>();

  /** @param taken names at the top that no folder may have. */
  constructor(taken: readonly string[] = []) {
    for (const name of taken) this.#folderNames.take(name);
  }

  /** Settles the folder of that class. */
  meet(className: string): { readonly path: string; readonly names: UniqueNames } {
    let folder = this.#folders.get(className);
    if (!folder) {
      folder = { path: this.#folderNames.take(safeName(className, "class")), names: new UniqueNames() };
      this.#folders.set(className, folder);
    }
    return folder;
  }

  /** Where the item's file goes in the folder of that class. */
  place(className: string, record: LabelRecord): string {
    const folder = this.meet(className);
    return `${folder.path}/${folder.names.take(fileNameOf(record))}`;
  }
}

/** A name every system can store; texts end in .txt. */
export function fileNameOf(record: LabelRecord): string {
  const safe = safeName(record.name, record.itemId.slice(0, 16));
  return record.kind === "text" && !/\.txt$/i.test(safe) ? `${safe}.txt` : safe;
}
