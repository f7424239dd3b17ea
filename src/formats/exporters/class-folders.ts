// A zip with a folder for each class and the items in it: what Hugging Face imagefolder, Keras, PyTorch
// ImageFolder and Ultralytics read. An item of several classes lies in each of their folders; labels.csv at
// the root is the truth and says which files are which item.

import { throwIfStopped, type StopSignal } from "../../core/errors";
import type { ItemId } from "../../core/ids";
import type { Exporter, ExportSource } from "../export";
import { contentOf, FolderNames } from "../item-content";
import { labelTable } from "../label-table";
import { zipStream, type NewEntry } from "../zip-stream";

export const exporter: Exporter = {
  id: "class-folders",
  label: "Folders by class (zip)",
  summary:
    "Every labelled item as a file in the folder of its class, with labels.csv beside them; for training programs that read folders.",
  kinds: ["image", "text"],
  group: "training",
  needsHead: false,
  extension: ".zip",
  mime: "application/zip",
  write: (source, stop) => zipStream(entriesOf(source, stop), source.createdAt, stop),
};

async function* entriesOf(source: ExportSource, stop: StopSignal | null): AsyncGenerator<NewEntry> {
  // A class of that name must not end up where the table is.
  const layout = new FolderNames(["labels.csv"]);
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
