// A Hugging Face imagefolder: train and test folders, and in each a metadata.jsonl that names every file with
// its label. `load_dataset("imagefolder", data_dir=…)` reads it; labels of several classes are lists.

import { throwIfStopped, type StopSignal } from "../../core/errors";
import type { Exporter, ExportSource } from "../export";
import { contentOf, fileNameOf } from "../item-content";
import { splitOf } from "../json-export";
import { UniqueNames } from "../safe-name";
import { zipStream, type NewEntry } from "../zip-stream";

export const exporter: Exporter = {
  id: "imagefolder",
  label: "Hugging Face imagefolder (zip)",
  summary:
    'Labelled images in train and test with metadata.jsonl beside them, for load_dataset("imagefolder").',
  kinds: ["image"],
  group: "training",
  needsHead: false,
  extension: ".zip",
  mime: "application/zip",
  write: (source, stop) => zipStream(entriesOf(source, stop), source.createdAt, stop),
};

async function* entriesOf(source: ExportSource, stop: StopSignal | null): AsyncGenerator<NewEntry> {
  const names = { train: new UniqueNames(), test: new UniqueNames() };
  const lines: Record<"train" | "test", string[]> = { train: [], test: [] };
  for (const one of Object.values(names)) one.take("metadata.jsonl");
  for await (const record of source.records()) {
    throwIfStopped(stop);
    const split = splitOf(record);
    if (record.status !== "labelled" || split === null) continue;
    const content = await contentOf(record, source);
    if (content === null) continue;
    const file_name = names[split].take(fileNameOf(record));
    const label = source.answerMode === "single" ? { label: record.classes[0] } : { labels: record.classes };
    const labelled_at = record.at === null ? null : new Date(record.at).toISOString();
    lines[split].push(
      JSON.stringify({ file_name, ...label, annotator: record.annotator, labelled_at, split }),
    );
    yield { path: `${split}/${file_name}`, content, stored: true };
  }
  for (const split of ["train", "test"] as const)
    if (lines[split].length > 0)
      yield { path: `${split}/metadata.jsonl`, content: `${lines[split].join("\n")}\n` };
}
