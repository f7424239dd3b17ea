// How often the questions are made anew here, as a sentence.

import type { Pace } from "../core/pace";

export function paceWords(pace: (Pace & { readonly ms: number }) | null): string {
  if (!pace) return "How often that is shows with the first question.";
  const often = pace.every === 1 ? "after every answer" : `after every ${pace.every} answers`;
  const how = pace.fit === "full" ? "" : ", taking the newest answers into the model it has";
  return `The questions are made anew ${often}${how}; that took ${Math.round(pace.ms)} ms the last time.`;
}
