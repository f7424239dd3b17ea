// Texts told apart only by which of two words comes first, of many such pairs: more than an embedding holds.

import { createRandom } from "../../../src/core/random";

export interface LabelledText {
  readonly text: string;
  readonly label: "forth" | "back";
}

const wordCount = 40;
const pairCount = 30;

/** Six words that say nothing, and among them a pair that comes in the order of its class. */
export function manyTexts(count: number): LabelledText[] {
  const random = createRandom(12);
  const letters = "abcdefghijklmnopqrstuvwxyz";
  const words = Array.from({ length: wordCount }, () =>
    Array.from({ length: 5 }, () => letters[random.integer(26)]).join(""),
  );
  const draw = () => words[random.integer(wordCount)]!;
  const pairs = Array.from({ length: pairCount }, () => [draw(), draw()] as const);
  return Array.from({ length: count }, (_, at) => {
    const [first, second] = pairs[random.integer(pairCount)]!;
    const label = at % 2 === 0 ? "forth" : "back";
    const others = Array.from({ length: 6 }, draw);
    others.splice(random.integer(7), 0, ...(label === "forth" ? [first, second] : [second, first]));
    return { text: others.join(" "), label };
  });
}
