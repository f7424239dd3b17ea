// What a question was about, also for answers of the first versions, which know only what asked.

import type { QuestionSource, Slice, Stage } from "../event";

export interface AskedBy {
  readonly source: QuestionSource;
  readonly stage?: Stage | null | undefined;
  readonly slice: Slice;
}

/** null for items that somebody came back to by themselves. */
export function stageOf({ source, stage, slice }: AskedBy): Stage | null {
  if (stage) return stage;
  switch (source) {
    case "seed":
      return "cold-start";
    case "random":
      return slice === "hold-out" ? "random-slice" : "meanwhile";
    case "revisit":
      return null;
    default:
      return source;
  }
}
