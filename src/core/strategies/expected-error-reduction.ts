// Asks about items whose answer is expected to leave the fewest errors on the rest.

import { scoresOf } from "../kernels/by-score";
import { throwIfExhausted, throwIfStopped } from "../errors";
import { drawRows } from "../selection/cover-pool";
import { lookAhead } from "../selection/look-ahead";
import type { Parameter } from "../parameter";
import type { Pool, Strategy, Tools } from "../selection/strategy";

const ridge = 0.1;
/** Labelled rows the ridge model is fitted on at most, drawn at random; its cost grows with their cube. */
const labelledLimit = 500;
/** Answers tried for each candidate, the likeliest ones; the rest share what probability is left. */
const answersTried = 5;

const limit = (id: string, label: string, summary: string): Parameter => ({
  id,
  label,
  summary,
  min: 50,
  max: 2000,
  step: 50,
  initial: 300,
});

/**
 * Roy and McCallum's rule with the refits in closed form, for a ridge regression on one-hot answers: adding (x, y)
 * changes its prediction for z by (z P xᵀ) / (1 + x P xᵀ) · (y − f(x)). A pick counts as answered with its
 * probabilities before the next is chosen.
 */
export const strategy: Strategy = {
  id: "expected-error-reduction",
  label: "Fewest errors left",
  summary: "Tries the likely answers of each item in thought, and asks where they leave the fewest errors.",
  paper:
    "Roy and McCallum, Toward Optimal Active Learning through Sampling Estimation of Error Reduction, 2001",
  needs: ["probabilities"],
  modes: ["single"],
  parameters: [
    limit("candidateLimit", "Candidates", "Items considered as questions, drawn at random."),
    limit("evaluationLimit", "Items to judge by", "Items the errors are counted on, drawn at random."),
  ],
  async select(pool, count, tools) {
    const { parameters, random, stop } = tools;
    throwIfStopped(stop);
    throwIfExhausted(count, pool.candidates.length);
    scoresOf(pool);
    const candidates = drawRows(pool.candidates, Math.max(count, parameters["candidateLimit"]!), random);
    const judged = drawRows(pool.candidates, parameters["evaluationLimit"]!, random);
    const model = await ridgeModel(pool, judged, candidates, tools);
    const picks = [];
    const open = new Set(candidates.keys());
    for (let turn = 0; turn < count; turn++) {
      throwIfStopped(stop);
      let best = -1;
      let least = Infinity;
      for (const at of open) {
        const errors = expectedErrors(model, at);
        // What rounding makes of equal rows must not choose between them.
        if (best < 0 || errors < least - 1e-9) [best, least] = [at, errors];
      }
      open.delete(best);
      picks.push({
        row: candidates[best]!,
        score: -least / judged.length,
        reason: "Whatever the answer, the model would expect fewer errors on the rest.",
      });
      if (turn + 1 < count) settle(model, best);
    }
    return picks;
  },
};

interface RidgeModel {
  readonly classes: number;
  readonly judged: number;
  readonly candidates: number;
  /** judged × candidates: z P xᵀ. */
  readonly between: Float64Array;
  /** candidates × candidates: x P xᵀ. */
  readonly among: Float64Array;
  /** Ridge predictions, judged × classes and candidates × classes. */
  readonly ofJudged: Float64Array;
  readonly ofCandidates: Float64Array;
  /** The head's probabilities of the candidates. */
  readonly probabilities: Float64Array;
}

async function ridgeModel(
  pool: Pool,
  judged: Uint32Array,
  candidates: Uint32Array,
  tools: Tools,
): Promise<RidgeModel> {
  const { classes } = pool;
  const places = drawRows(Uint32Array.from(pool.labelled.keys()), labelledLimit, tools.random);
  const labelled = places.map((at) => pool.labelled[at]!);
  const weights = new Float64Array(labelled.length).fill(1);
  const predict = (influence: Float64Array, rows: number) => {
    const found = new Float64Array(rows * classes);
    for (let row = 0, at = 0; row < rows; row++)
      for (const place of places) {
        const label = pool.labels[place]!;
        if (label >= 0) found[row * classes + label]! += influence[at]!;
        at++;
      }
    return found;
  };
  const first = await lookAhead(pool, judged, candidates, labelled, weights, ridge, tools);
  const second = await lookAhead(pool, candidates, candidates, labelled, weights, ridge, tools);
  const probabilities = new Float64Array(candidates.length * classes);
  candidates.forEach((row, at) => {
    const from = row * classes;
    probabilities.set(scoresOf(pool).probabilities.subarray(from, from + classes), at * classes);
  });
  return {
    classes,
    judged: judged.length,
    candidates: candidates.length,
    between: first.products,
    among: second.products,
    ofJudged: predict(first.influence, judged.length),
    ofCandidates: predict(second.influence, candidates.length),
    probabilities,
  };
}

/** Σ over likely answers of their probability times Σ over the judged of 1 − the largest prediction. */
function expectedErrors(model: RidgeModel, candidate: number): number {
  const { classes, judged, candidates, between, among, ofJudged, ofCandidates, probabilities } = model;
  const own = candidate * classes;
  const step = 1 / (1 + Math.max(0, among[candidate * candidates + candidate]!));
  const order = Array.from({ length: classes }, (_, c) => c).sort(
    (a, b) => probabilities[own + b]! - probabilities[own + a]! || a - b,
  );
  let tried = 0;
  let errors = 0;
  for (const answer of order.slice(0, answersTried)) {
    const probability = probabilities[own + answer]!;
    tried += probability;
    for (let row = 0; row < judged; row++) {
      const influence = between[row * candidates + candidate]! * step;
      let largest = 0;
      for (let c = 0; c < classes; c++) {
        const target = c === answer ? 1 : 0;
        const value = ofJudged[row * classes + c]! + influence * (target - ofCandidates[own + c]!);
        if (value > largest) largest = value;
      }
      errors += probability * (1 - Math.min(1, largest));
    }
  }
  return tried > 0 ? errors / tried : errors;
}

/** Takes a candidate as answered with its probabilities. */
function settle(model: RidgeModel, chosen: number): void {
  const { classes, judged, candidates, between, among, ofJudged, ofCandidates, probabilities } = model;
  const step = 1 / (1 + Math.max(0, among[chosen * candidates + chosen]!));
  const own = chosen * classes;
  const changes = Float64Array.from(
    { length: classes },
    (_, c) => probabilities[own + c]! - ofCandidates[own + c]!,
  );
  const ofChosen = among.slice(chosen * candidates, (chosen + 1) * candidates);
  const update = (rows: number, matrix: Float64Array, predictions: Float64Array) => {
    for (let row = 0; row < rows; row++) {
      const influence = matrix[row * candidates + chosen]! * step;
      for (let c = 0; c < classes; c++) predictions[row * classes + c]! += influence * changes[c]!;
      for (let at = 0; at < candidates; at++) matrix[row * candidates + at]! -= influence * ofChosen[at]!;
    }
  };
  update(judged, between, ofJudged);
  update(candidates, among, ofCandidates);
}
