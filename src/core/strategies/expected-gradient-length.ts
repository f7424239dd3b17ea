// Asks about items whose answer, whatever it is, would change the model most.

import { scoresOf } from "../kernels/by-score";
import { throwIfExhausted, throwIfStopped } from "../errors";
import type { Strategy } from "../selection/strategy";
import { topRows } from "../kernels/top";

/** For a linear layer with softmax: ‖x‖ · Σ_y p_y ‖p − e_y‖. */
export const strategy: Strategy = {
  id: "expected-gradient-length",
  label: "Largest expected change",
  summary: "Asks about items whose answer is expected to change the model most.",
  paper: "Settles, Craven and Ray, Multiple-Instance Active Learning, 2007 (expected gradient length)",
  needs: ["probabilities"],
  modes: ["single"],
  parameters: [],
  async select(pool, count, { stop }) {
    throwIfStopped(stop);
    throwIfExhausted(count, pool.candidates.length);
    const { probabilities } = scoresOf(pool);
    const { values, classes } = pool;
    const { rows, dims } = pool.embeddings;
    const lengths = new Float32Array(rows);
    for (const row of pool.candidates) {
      const p = probabilities.subarray(row * classes, (row + 1) * classes);
      let squares = 0;
      for (const one of p) squares += one * one;
      let expected = 0;
      // ‖p − e_y‖² = ‖p‖² − 2 p_y + 1.
      for (const one of p) expected += one * Math.sqrt(Math.max(0, squares - 2 * one + 1));
      let norm = 0;
      for (let k = 0; k < dims; k++) norm += values[row * dims + k]! ** 2;
      lengths[row] = Math.sqrt(norm) * expected;
    }
    return Array.from(topRows(pool.candidates, lengths, count), (row) => ({
      row,
      score: lengths[row]!,
      reason: "An answer here is expected to change the model most.",
    }));
  },
};
