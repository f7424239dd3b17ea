// How far the doubt over an item can be trusted to be worth an answer: less where people skip or are unsure, and near
// copies of each other that were answered differently. No label would settle those.

import { throwIfStopped } from "../errors";
import { topRows } from "../kernels/top";
import { drawRows } from "./cover-pool";
import type { Pool, Tools } from "./strategy";

/** Cosine from which an item counts as a near copy among unrelated ones, and where the effect begins to fade. */
const alike = 0.95;
const fadesFrom = 0.85;
const blockRows = 256;
/** Labelled rows that are compared with all others; more are drawn at random, as the cost grows with both. */
const comparedAtMost = 2000;
/** Asked items that tell whether asking here is of use. */
const nearestAsked = 5;
/** Of the squared distance usual between two items: what was passed over farther away says nothing here. */
const nearShare = 0.7;
/** Doubt of what nobody can label never ends, and may be ten times that of the rest: more than the bare share. */
const discouraged = 3;

/**
 * @param rows whose trust is wanted.
 * Trust is lost near a copy of a doubtful item, and where people pass over what they are asked: by the share of
 * skipped and unsure ones among the five nearest that were asked, so that labels nearby restore it.
 * @param caution 0 trusts everything, 1 gives a copy of a doubtful item no weight at all.
 * @param scale the median distance of the pool over that of unrelated rows, √2: where all rows are alike, near copies
 * are nearer still.
 * @returns 0 to 1 for each of the rows.
 */
export async function trustOf(
  pool: Pool,
  rows: Uint32Array,
  caution: number,
  scale: number,
  tools: Tools,
): Promise<Float32Array> {
  const trust = new Float32Array(rows.length).fill(1);
  if (caution === 0) return trust;
  const [copy, fades] = [scaled(alike, scale), scaled(fadesFrom, scale)];
  // No spread arguments: there may be more rows than fit on the stack.
  const doubted = Uint32Array.from([...pool.passed].concat(await contradicted(pool, copy, tools))).sort();
  for (let from = 0; from < doubted.length; from += blockRows) {
    throwIfStopped(tools.stop);
    const block = doubted.slice(from, from + blockRows);
    const products = await tools.kernels.innerProducts(pool.embeddings, block, rows);
    products.forEach((product, at) => {
      const to = at % rows.length;
      const nearness = Math.min(1, Math.max(0, (product - fades) / (copy - fades)));
      trust[to] = Math.min(trust[to]!, 1 - caution * nearness);
    });
  }
  const passing = await passedNearby(pool, rows, scaled(1 - nearShare, scale), tools);
  return trust.map((one, at) => Math.min(one, (1 - caution * passing[at]!) ** discouraged));
}

/**
 * Share of passed rows among the five asked ones nearest to each row; missing ones count as answered.
 * @param near the least product of rows that have to do with each other.
 */
async function passedNearby(
  { embeddings, labelled, passed }: Pool,
  rows: Uint32Array,
  near: number,
  { kernels, random, stop }: Tools,
): Promise<Float32Array> {
  const shares = new Float32Array(rows.length);
  if (passed.length === 0) return shares;
  const isPassed = new Set(passed);
  const asked = drawRows(
    Uint32Array.from([...labelled, ...passed]).sort(),
    comparedAtMost,
    random.fork("asked"),
  );
  const places = Uint32Array.from(asked.keys());
  for (let from = 0; from < rows.length; from += blockRows) {
    throwIfStopped(stop);
    const block = rows.slice(from, from + blockRows);
    const products = await kernels.innerProducts(embeddings, block, asked);
    for (let at = 0; at < block.length; at++) {
      const ofRow = products.subarray(at * asked.length, (at + 1) * asked.length);
      const nearest = topRows(places, ofRow, Math.min(nearestAsked, asked.length));
      shares[from + at] =
        nearest.filter((to) => isPassed.has(asked[to]!) && ofRow[to]! >= near).length / nearestAsked;
    }
  }
  return shares;
}

/** The cosine of two rows whose distance is `scale` times that of rows with this one. */
function scaled(cosine: number, scale: number): number {
  return 1 - scale * scale * (1 - cosine);
}

/** Labelled rows with a near copy that has other classes, one or more. */
async function contradicted(
  { embeddings, labelled, outcomes }: Pool,
  copy: number,
  { kernels, random, stop }: Tools,
): Promise<number[]> {
  const found = new Set<number>();
  const places = drawRows(Uint32Array.from(labelled.keys()), comparedAtMost, random);
  for (let from = 0; from < places.length; from += blockRows) {
    throwIfStopped(stop);
    const block = places.slice(from, from + blockRows);
    const rows = block.map((place) => labelled[place]!);
    const products = await kernels.innerProducts(embeddings, rows, labelled);
    block.forEach((place, at) => {
      for (let to = 0; to < labelled.length; to++)
        if (outcomes[to] !== outcomes[place] && products[at * labelled.length + to]! >= copy)
          found.add(labelled[place]!);
    });
  }
  return [...found];
}
