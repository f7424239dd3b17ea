// What questions were about, in a person's words.

import type { Stage } from "../core/event";

export const stageWords: Readonly<Record<Stage, string>> = {
  "cold-start": "To cover all kinds of items",
  "weighted-coverage": "Doubtful, and typical of others",
  refined: "The same, sifted while you paused",
  strategy: "By the strategy",
  arrivals: "New items, judged as they came",
  "random-slice": "At random, for the hold-out",
  review: "Labels that look wrong",
  meanwhile: "Any open item, while nothing was chosen yet",
};

export const revisitWords = "You, or somebody, came back to it";
