// All items with their labels, one JSON object a line, for programs. Nothing is escaped or shortened.

import { throwIfStopped } from "../../core/errors";
import type { Exporter, LabelRecord } from "../export";
import { markerColumn } from "../formula";

const linesPerPiece = 500;

export const exporter: Exporter = {
  id: "labels-jsonl",
  label: "Labels as JSON Lines",
  summary:
    "One JSON object a line with everything known of an item; read by doccano, Hugging Face datasets and any script.",
  kinds: ["image", "text"],
  needsHead: false,
  extension: ".jsonl",
  mime: "application/x-ndjson",
  async *write(source, stop) {
    const encoder = new TextEncoder();
    let lines: string[] = [];
    for await (const record of source.records()) {
      throwIfStopped(stop);
      lines.push(`${JSON.stringify(lineOf(record))}\n`);
      if (lines.length < linesPerPiece) continue;
      yield encoder.encode(lines.join(""));
      lines = [];
    }
    if (lines.length > 0) yield encoder.encode(lines.join(""));
  },
};

/** `label` is the class where there is exactly one, for those who want a plain string; `labels` is always all. */
function lineOf(record: LabelRecord): Record<string, unknown> {
  const { itemId, classes, at, tookMs, text, ...rest } = record;
  return {
    [markerColumn]: itemId,
    text,
    label: classes.length === 1 ? classes[0] : null,
    labels: classes,
    ...rest,
    labelled_at: at === null ? null : new Date(at).toISOString(),
    took_ms: tookMs,
  };
}
