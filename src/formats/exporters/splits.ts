// Three tables for training elsewhere: train.csv, validation.csv and test.csv. The test split is the hold-out,
// which was drawn at random and never trained on.

import type { StopSignal } from "../../core/errors";
import type { Exporter, ExportSource, LabelRecord } from "../export";
import { labelTable } from "../label-table";
import { isValidation } from "../split";
import { zipStream, type NewEntry } from "../zip-stream";

export const exporter: Exporter = {
  id: "splits",
  label: "Train, validation and test tables (zip)",
  summary:
    "Labelled items as train.csv, validation.csv and test.csv. The hold-out is test; a tenth of the rest is validation.",
  kinds: ["image", "text"],
  group: "training",
  needsHead: false,
  extension: ".zip",
  mime: "application/zip",
  write: (source, stop) => zipStream(entriesOf(source, stop), source.createdAt, stop),
};

const splits = {
  train: ({ slice, itemId }: LabelRecord) => slice !== "hold-out" && !isValidation(itemId),
  validation: ({ slice, itemId }: LabelRecord) => slice !== "hold-out" && isValidation(itemId),
  test: ({ slice }: LabelRecord) => slice === "hold-out",
};

async function* entriesOf(source: ExportSource, stop: StopSignal | null): AsyncGenerator<NewEntry> {
  for (const [name, belongs] of Object.entries(splits))
    yield { path: `${name}.csv`, content: labelTable(labelled(source, belongs), stop) };
}

async function* labelled(
  source: ExportSource,
  belongs: (record: LabelRecord) => boolean,
): AsyncGenerator<LabelRecord> {
  for await (const record of source.records())
    if (record.status === "labelled" && belongs(record)) yield record;
}
