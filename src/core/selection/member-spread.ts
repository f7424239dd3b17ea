// How far the members of a committee are apart, beyond what their mean and votes tell: in variance and in
// Kullback-Leibler divergence from the mean.

import { throwIfStopped } from "../errors";
import type { LinearLayer } from "../kernels/kernels";
import type { Pool, Tools } from "./strategy";

export interface MemberSpread {
  /** Σ over classes of the variance of the members' probabilities, one each row (its epistemic variance). */
  readonly variance: Float32Array;
  /** The largest divergence of any member from the mean in nats, one each row. */
  readonly divergence: Float32Array;
}

/** @param mean of the members, rows × classes. */
export async function memberSpread(
  { embeddings }: Pick<Pool, "embeddings">,
  layers: readonly LinearLayer[],
  mean: Float32Array,
  { kernels, stop }: Pick<Tools, "kernels" | "stop">,
): Promise<MemberSpread> {
  const { rows } = embeddings;
  const spread = { variance: new Float32Array(rows), divergence: new Float32Array(rows) };
  for (const layer of layers) {
    throwIfStopped(stop);
    const { probabilities } = await kernels.scores(embeddings, layer, "softmax");
    for (let row = 0, at = 0; row < rows; row++) {
      let divergence = 0;
      for (let c = 0; c < layer.classes; c++, at++) {
        const p = probabilities[at]!;
        const q = mean[at]!;
        spread.variance[row]! += (p - q) ** 2 / layers.length;
        if (p > 0) divergence += p * Math.log(p / Math.max(q, Number.MIN_VALUE));
      }
      // Rounding may leave a divergence a little below 0.
      if (divergence > spread.divergence[row]!) spread.divergence[row] = divergence;
    }
  }
  return spread;
}
