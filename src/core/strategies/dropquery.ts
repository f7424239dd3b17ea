// Asks where the guess changes when part of the embedding is hidden, in different places.

import { scoresOf } from "../kernels/by-score";
import { throwIfExhausted, throwIfStopped, TooFewLabels } from "../errors";
import type { LinearLayer } from "../kernels/kernels";
import { clusterRows, nearestToCentres } from "../selection/cluster";
import { likeliest } from "../selection/likeliest";
import type { Pool, Strategy, Tools } from "../selection/strategy";

/** Questions are chosen from at least so many candidates each, as in the paper's code. */
const candidatesPerQuestion = 25;

export const strategy: Strategy = {
  id: "dropquery",
  label: "Fragile guesses",
  summary: "Asks where the guess flips when parts of what the model sees are hidden, spread over groups.",
  paper: "Gupte et al., Revisiting Active Learning in the Era of Vision Foundation Models, 2024 (DropQuery)",
  needs: ["probabilities", "layer"],
  modes: ["single"],
  parameters: [
    {
      id: "turns",
      label: "Tries",
      summary: "How often parts are hidden; more tell fragile guesses from sure ones better.",
      min: 1,
      max: 25,
      step: 1,
      initial: 3,
    },
    {
      id: "hidden",
      label: "Share hidden",
      summary: "The share of the embedding that is hidden each time.",
      min: 0.1,
      max: 0.9,
      step: 0.05,
      initial: 0.75,
    },
  ],
  async select(pool, count, tools) {
    throwIfStopped(tools.stop);
    throwIfExhausted(count, pool.candidates.length);
    if (!pool.layer) throw new TooFewLabels();
    if (count === 0) return [];
    const flips = await countFlips(pool, pool.layer, tools);
    const turns = tools.parameters["turns"]!;
    const enough = Math.min(pool.candidates.length, candidatesPerQuestion * count);
    let least = Math.floor(turns / 2) + 1;
    const fragile = () => pool.candidates.filter((row) => flips[row]! >= least);
    while (least > 0 && fragile().length < enough) least--;
    const rows = fragile();
    return nearestToCentres(rows, await clusterRows(pool, rows, count, tools), count).map((row) => ({
      row,
      score: flips[row]! / turns,
      reason:
        flips[row]! > 0
          ? "The model changes its mind here when part of the item is hidden."
          : "The model is steady everywhere; this stands for a group of items.",
    }));
  },
};

/** For each row: in how many tries the guess differs from the guess with nothing hidden. */
async function countFlips(pool: Pool, layer: LinearLayer, tools: Tools): Promise<Uint32Array> {
  const { rows } = pool.embeddings;
  const { classes, dims } = layer;
  const flips = new Uint32Array(rows);
  const guesses = guessesOf(scoresOf(pool).probabilities, rows, classes);
  const kept = 1 - tools.parameters["hidden"]!;
  for (let turn = 0; turn < tools.parameters["turns"]!; turn++) {
    throwIfStopped(tools.stop);
    const weights = layer.weights.slice();
    for (let k = 0; k < dims; k++) {
      const scale = tools.random.next() < kept ? 1 / kept : 0;
      for (let c = 0; c < classes; c++) weights[k * classes + c]! *= scale;
    }
    const { probabilities } = await tools.kernels.scores(pool.embeddings, { ...layer, weights }, "softmax");
    guessesOf(probabilities, rows, classes).forEach((guess, row) => {
      if (guess !== guesses[row]) flips[row]! += 1;
    });
  }
  return flips;
}

function guessesOf(probabilities: Float32Array, rows: number, classes: number): Uint32Array {
  return Uint32Array.from({ length: rows }, (_, row) =>
    likeliest(probabilities.subarray(row * classes, (row + 1) * classes)),
  );
}
