// The folders that Ultralytics trains classifiers on: train, val and test, and in each a folder for each class.

import { throwIfStopped, type StopSignal } from "../../core/errors";
import type { Exporter, ExportSource } from "../export";
import { contentOf, FolderNames } from "../item-content";
import { isValidation } from "../split";
import { zipStream, type NewEntry } from "../zip-stream";

export const exporter: Exporter = {
  id: "yolo",
  label: "YOLO classification (zip)",
  summary:
    "train, val and test folders with a folder for each class, for Ultralytics. The hold-out is test; a tenth of the rest is val.",
  kinds: ["image"],
  group: "training",
  needsHead: false,
  extension: ".zip",
  mime: "application/zip",
  write: (source, stop) => zipStream(entriesOf(source, stop), source.createdAt, stop),
};

async function* entriesOf(source: ExportSource, stop: StopSignal | null): AsyncGenerator<NewEntry> {
  const splits = { train: new FolderNames(), val: new FolderNames(), test: new FolderNames() };
  // All splits must give a class the same folder, so each learns all classes in one order.
  for await (const record of source.records()) {
    throwIfStopped(stop);
    if (record.status !== "labelled") continue;
    const [className, ...others] = record.classes;
    if (className === undefined || others.length > 0) {
      const message = `${record.path} has ${record.classes.length} classes, and such a folder can say only one; it was left out.`;
      source.report({ place: record.path, message });
      continue;
    }
    const split = record.slice === "hold-out" ? "test" : isValidation(record.itemId) ? "val" : "train";
    for (const folders of Object.values(splits)) folders.meet(className);
    const content = await contentOf(record, source);
    if (content !== null)
      yield { path: `${split}/${splits[split].place(className, record)}`, content, stored: true };
  }
}
