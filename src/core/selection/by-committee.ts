// Strategies that rank each row by how a committee differs over it. A file in ./strategies names the measure; the
// asking of the committee is here.

import { throwIfExhausted, throwIfStopped, TooFewLabels } from "../errors";
import { topRows } from "../kernels/top";
import { committeeOpinion, type CommitteeOpinion } from "../learning/posterior";
import { memberSpread, type MemberSpread } from "./member-spread";
import type { Strategy } from "./strategy";

interface CommitteeStrategy extends Pick<Strategy, "id" | "label" | "summary"> {
  readonly paper: string;
  readonly score: (opinion: CommitteeOpinion, row: number, classes: number) => number;
}

interface SpreadStrategy extends Pick<Strategy, "id" | "label" | "summary"> {
  readonly paper: string;
  readonly score: (spread: MemberSpread) => Float32Array;
}

const reason = "Models that weigh your answers differently disagree here.";
const agreed = "Even the models agree here, but they agree more on the rest.";
/** Less than rounding makes of members that agree. */
const negligible = 1e-6;

/** @param score of one row, not below 0: higher where the members differ more. */
export function byCommittee({ score, ...about }: CommitteeStrategy): Strategy {
  return byMembers(about, (opinion, rows, classes) =>
    Float32Array.from({ length: rows }, (_, row) => score(opinion, row, classes)),
  );
}

export function bySpread({ score, ...about }: SpreadStrategy): Strategy {
  return byMembers(about, (_, __, ___, spread) => spread().then(score));
}

function byMembers(
  about: Pick<Strategy, "id" | "label" | "summary"> & { readonly paper: string },
  score: (
    opinion: CommitteeOpinion,
    rows: number,
    classes: number,
    spread: () => Promise<MemberSpread>,
  ) => Float32Array | Promise<Float32Array>,
): Strategy {
  return {
    ...about,
    needs: ["probabilities", "members"],
    modes: ["single"],
    parameters: [],
    async select(pool, count, tools) {
      throwIfStopped(tools.stop);
      const { members, embeddings, candidates, classes } = pool;
      if (!members) throw new TooFewLabels();
      throwIfExhausted(count, candidates.length);
      const opinion = await committeeOpinion(members, embeddings, tools.kernels, tools.stop);
      const spread = () => memberSpread(pool, members, opinion.probabilities, tools);
      const scores = await score(opinion, embeddings.rows, classes, spread);
      // What is nothing but rounding must not decide between equal rows.
      scores.forEach((value, row) => (scores[row] = value < negligible ? 0 : value));
      return Array.from(topRows(candidates, scores, count), (row) => ({
        row,
        score: scores[row]!,
        reason: scores[row]! > 0 ? reason : agreed,
      }));
    },
  };
}

/** −Σ p ln p of one row, in nats. */
export function entropyOf(probabilities: Float32Array, row: number, classes: number): number {
  let entropy = 0;
  for (let at = row * classes; at < (row + 1) * classes; at++) {
    const p = probabilities[at]!;
    if (p > 0) entropy -= p * Math.log(p);
  }
  return entropy;
}
