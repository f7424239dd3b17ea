// The first text encoder: hashed words and character sequences, weighted by rarity and folded into 192 numbers
// along the directions in which the person's own texts differ (latent semantic analysis). No weights to ship.

import { type StopSignal, throwIfStopped } from "../../src/core/errors";
import { createRandom } from "../../src/core/random";
import type { EncoderState, TextItemEncoder } from "./encoder";
import { principalAxes, project, type SparseRow } from "./projection/principal-axes";
import { scaleToUnitLength } from "./projection/unit-length";
import { BUCKETS, createPieceReader } from "./text-features/word-pieces";

/** 128 measured 0.9 to 2.8 points worse at 500 labels (AG News, TREC-6), 256 no better and a third slower. */
const DIMS = 192;
const MAX_SAMPLE = 3000;
/** Bounds the sample of long texts: 2 million pieces are 16 MB and about 3 seconds of learning. */
const MAX_SAMPLE_PIECES = 2_000_000;

async function learn(
  items: AsyncIterable<string>,
  seed: number,
  stop: StopSignal | null,
): Promise<EncoderState> {
  const read = createPieceReader();
  const rows: SparseRow[] = [];
  let pieces = 0;
  for await (const text of items) {
    throwIfStopped(stop);
    const row = read(text);
    rows.push(row);
    pieces += row.columns.length;
    if (rows.length >= MAX_SAMPLE || pieces >= MAX_SAMPLE_PIECES) break;
  }
  const rarity = inverseDocumentFrequency(rows);
  for (const row of rows) weigh(row, rarity);
  const axes = await principalAxes(rows, BUCKETS, DIMS, createRandom(seed).fork("text-hash"), stop);
  return { rarity, axes };
}

/** Smoothed as if one more text held every piece, so that an unseen piece has a finite weight. */
function inverseDocumentFrequency(rows: readonly SparseRow[]): Float32Array {
  const frequency = new Uint32Array(BUCKETS);
  for (const { columns } of rows) for (const bucket of columns) frequency[bucket]! += 1;
  return Float32Array.from(frequency, (count) => 1 + Math.log((1 + rows.length) / (1 + count)));
}

/** In place: rarity in, length out, so that long texts do not rule the axes. */
function weigh({ columns, weights }: SparseRow, rarity: Float32Array): void {
  for (let at = 0; at < columns.length; at++) weights[at]! *= rarity[columns[at]!]!;
  scaleToUnitLength(weights);
}

function encode(inputs: readonly string[], state: EncoderState): Float32Array {
  const rarity = state["rarity"] as Float32Array;
  const axes = state["axes"] as Float32Array;
  const read = createPieceReader();
  const embeddings = new Float32Array(inputs.length * DIMS);
  inputs.forEach((text, row) => {
    const pieces = read(text);
    weigh(pieces, rarity);
    const place = embeddings.subarray(row * DIMS, (row + 1) * DIMS);
    project(pieces, axes, DIMS, place);
    scaleToUnitLength(place);
  });
  return embeddings;
}

export const encoder: TextItemEncoder = {
  id: "text-hash",
  version: 1,
  kind: "text",
  label: "Words and spelling",
  summary: "Compares texts by their words and parts of words, learnt from your own texts in seconds.",
  paper: "Deerwester et al., Indexing by latent semantic analysis, JASIS 1990",
  dims: DIMS,
  learn,
  encode,
};
