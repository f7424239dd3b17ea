// Exports that are a JSON list or JSON Lines of one record an item, streamed: each tool only says what its
// record looks like.

import { throwIfStopped } from "../core/errors";
import type { Exporter, ExportSource, LabelRecord } from "./export";

export type SplitRecord = LabelRecord & {
  /** The hold-out is what others call the test split; null where nothing was answered. */
  readonly split: "train" | "test" | null;
};

export interface JsonExport extends Pick<
  Exporter,
  "id" | "label" | "summary" | "kinds" | "extension" | "wantsOpinions"
> {
  readonly group?: Exporter["group"];
  readonly layout: "list" | "lines";
  /** @param number of the record, from 1. */
  record(record: SplitRecord, number: number, source: ExportSource): unknown;
}

const recordsPerPiece = 500;

export function splitOf({ slice }: LabelRecord): SplitRecord["split"] {
  return slice === null ? null : slice === "hold-out" ? "test" : "train";
}

/** What the model thinks now goes before what it thought when it asked. */
function newestGuess({ opinion, guess, confidence }: LabelRecord): Pick<LabelRecord, "guess" | "confidence"> {
  return opinion ? { guess: opinion.guess, confidence: opinion.probability } : { guess, confidence };
}

export function jsonExporter({ layout, record: recordOf, group = "tool", ...traits }: JsonExport): Exporter {
  return {
    ...traits,
    group,
    needsHead: false,
    mime: layout === "list" ? "application/json" : "application/x-ndjson",
    async *write(source, stop) {
      const encoder = new TextEncoder();
      let number = 0;
      let piece = layout === "list" ? "[" : "";
      for await (const one of source.records()) {
        throwIfStopped(stop);
        const text = JSON.stringify(
          recordOf(
            { ...one, ...(group === "tool" ? newestGuess(one) : {}), split: splitOf(one) },
            ++number,
            source,
          ),
        );
        piece += layout === "lines" ? `${text}\n` : number === 1 ? `\n${text}` : `,\n${text}`;
        if (number % recordsPerPiece !== 0) continue;
        yield encoder.encode(piece);
        piece = "";
      }
      yield encoder.encode(layout === "list" ? `${piece}\n]\n` : piece);
    },
  };
}
