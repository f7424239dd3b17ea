// Whether the model of a round reads single words beside embeddings, and why, for the person.

import type { RoundSummary } from "../storage/schema";

/** null where nobody asked: with few labels, images, or vectors from elsewhere. */
export function termNote({ terms }: Pick<RoundSummary, "terms">): string | null {
  if (!terms) return null;
  const { used, tested, rightWith, rightWithout } = terms;
  return used
    ? `It also reads single words: of ${tested} answers left out it was right on ${rightWith} with them, and on ${rightWithout} without.`
    : `It does not read single words: of ${tested} answers left out it was right on ${rightWith} with them, and on ${rightWithout} without.`;
}
