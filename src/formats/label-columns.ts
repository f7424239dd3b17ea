// The columns of our own tables of labels, for CSV, JSON Lines and Parquet alike. Names of what a model thinks
// of a label are those of Cleanlab's Datalab.

import { joinClasses } from "./class-list";
import type { LabelRecord } from "./export";
import { markerColumn } from "./formula";

export interface LabelColumn {
  readonly name: string;
  readonly type: "text" | "number" | "boolean";
  cell(record: LabelRecord): string | number | boolean | null;
}

const text = (name: string, cell: (record: LabelRecord) => string | null): LabelColumn => ({
  name,
  type: "text",
  cell,
});
const number = (name: string, cell: (record: LabelRecord) => number | null): LabelColumn => ({
  name,
  type: "number",
  cell,
});

export const labelColumns: readonly LabelColumn[] = [
  text(markerColumn, (record) => record.itemId),
  text("name", (record) => record.name),
  text("path", (record) => record.path),
  text("kind", (record) => record.kind),
  text("text", (record) => record.text),
  text("label", (record) => joinClasses(record.classes)),
  text("status", (record) => record.status),
  text("slice", (record) => record.slice),
  text("origin", (record) => record.origin),
  text("annotator", (record) => record.annotator),
  text("labelled_at", (record) => (record.at === null ? null : new Date(record.at).toISOString())),
  number("round", (record) => record.round),
  number("took_ms", (record) => record.tookMs),
  text("given", (record) => record.given),
  text("guess", (record) => record.guess),
  number("confidence", (record) => record.confidence),
  text("predicted_label", (record) => record.opinion?.guess ?? null),
  number("predicted_probability", (record) => record.opinion?.probability ?? null),
  number("uncertainty", (record) => record.opinion?.uncertainty ?? null),
  number("label_score", (record) => record.opinion?.labelProbability ?? null),
  { name: "is_label_issue", type: "boolean", cell: (record) => record.opinion?.suspect ?? null },
];
