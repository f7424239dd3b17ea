// A zip with a folder for each class and the items in it: what Hugging Face imagefolder, Keras, PyTorch
// ImageFolder and Ultralytics read. An item of several classes lies in each of their folders; labels.csv at
// the root is the truth and says which files are which item.

import { throwIfStopped, type StopSignal } from "../../core/errors";
import type { ItemId } from "../../core/ids";
import type { Exporter, ExportSource, LabelRecord } from "../export";
import { labelTable } from "../label-table";
import { safeName, UniqueNames } from "../safe-name";
import { zipStream, type NewEntry } from "../zip-stream";

export const exporter: Exporter = {
  id: "class-folders",
  label: "Folders by class (zip)",
  summary:
    "Every labelled item as a file in the folder of its class, with labels.csv beside them; for training programs that read folders.",
  kinds: ["image", "text"],
  needsHead: false,
  extension: ".zip",
  mime: "application/zip",
  write: (source, stop) => zipStream(entriesOf(source, stop), source.createdAt, stop),
};

async function* entriesOf(source: ExportSource, stop: StopSignal | null): AsyncGenerator<NewEntry> {
  const layout = new Layout();
  const files = new Map<ItemId, readonly string[]>();
  for await (const record of source.records()) {
    throwIfStopped(stop);
    if (record.status !== "labelled" || record.classes.length === 0) continue;
    const content = await contentOf(record, source);
    if (content === null) continue;
    const paths = record.classes.map((name) => layout.place(name, record));
    files.set(record.itemId, paths);
    for (const path of paths) yield { path, content, stored: record.kind === "image" };
  }
  const table = labelTable(source.records(), stop, (record) => files.get(record.itemId) ?? []);
  yield { path: "labels.csv", content: table };
}

/** Read here and not by the zip writer, whose failure would end the whole archive. */
async function contentOf(record: LabelRecord, source: ExportSource): Promise<NewEntry["content"] | null> {
  if (record.kind === "text" && record.text !== null) return record.text;
  try {
    const bytes = await source.readBytes(record.itemId);
    if (bytes !== null) return new Uint8Array(await bytes.arrayBuffer());
  } catch {
    // One file that cannot be read must not cost the person the whole export; it is reported below.
  }
  const message = `The file of ${record.path} cannot be reached any more; its label is in labels.csv, its file was left out.`;
  source.report({ place: record.path, message });
  return null;
}

/** Names that are unique within their folder, and folders that are unique whatever the classes are called. */
class Layout {
  readonly #folderNames = new UniqueNames();
  readonly #folders = new Map<string, { readonly path: string; readonly names: UniqueNames }>();

  constructor() {
    // A class of this name must not end up where the table is.
    this.#folderNames.take("labels.csv");
  }

  place(className: string, record: LabelRecord): string {
    let folder = this.#folders.get(className);
    if (!folder) {
      folder = { path: this.#folderNames.take(safeName(className, "class")), names: new UniqueNames() };
      this.#folders.set(className, folder);
    }
    const safe = safeName(record.name, record.itemId.slice(0, 16));
    const name = record.kind === "text" && !/\.txt$/i.test(safe) ? `${safe}.txt` : safe;
    return `${folder.path}/${folder.names.take(name)}`;
  }
}
