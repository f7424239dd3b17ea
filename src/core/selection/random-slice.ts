// Which of the coming questions are drawn at random for the hold-out.

import { createRandom } from "../random";

/**
 * Questions are counted over the whole project and cut into stretches of 1 / share; each stretch holds one
 * random question at a random place. The share therefore holds for any batch size, from the first stretch on,
 * and a question keeps its kind when a refit replaces the rest of a batch.
 * @param answered labels so far: the number of the first question.
 * @returns one flag for each of the next `count` questions.
 */
export function randomSlots(seed: number, share: number, answered: number, count: number): boolean[] {
  const random = createRandom(seed);
  // Where 1 / share is no whole number, two places rarely fall on one question, which then counts once.
  const isPlaced = (stretch: number, question: number) =>
    Math.floor((stretch + random.fork(`slice ${stretch}`).next()) / share) === question;
  return Array.from({ length: count }, (_, at) => {
    const question = answered + at;
    if (share <= 0) return false;
    // Rounding may put a border question into either stretch, and one question can touch two.
    const first = Math.max(0, Math.floor(question * share) - 1);
    return [first, first + 1, first + 2].some((stretch) => isPlaced(stretch, question));
  });
}
