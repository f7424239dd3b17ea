// Finds the last block of a layers model: where it begins, so that everything before can stay as it is.

import type { SymbolicTensor } from "@tensorflow/tfjs-layers";
import { UnusableModel } from "../../../src/formats/models/model-files";

export interface LastBlock {
  /** What goes into it. */
  readonly start: SymbolicTensor;
  /** Everything it computes, in the order it is run; the last is the embedding. */
  readonly steps: readonly SymbolicTensor[];
}

/** Layers with a matrix in them (convolutions, dense) a block may hold; more is no last block any more. */
const mostMatrices = 6;

/**
 * From the last point where two branches meet (a residual block, an inception block) to the cut; in a plain chain
 * the last two layers with a matrix. It begins where only one value is passed on.
 * @throws UnusableModel where there is nothing to train before the cut.
 */
export function findLastBlock(input: SymbolicTensor, cut: SymbolicTensor): LastBlock {
  const order = stepsUpTo(cut);
  const from = order.findIndex(({ id }) => id === input.id);
  if (from < 0) throw new UnusableModel("The model's layers do not lead from its input to the cut.");
  const consumed = lastUse(order);
  const starts: { readonly at: number; readonly matrices: number }[] = [];
  let matrices = 0;
  for (let at = order.length - 1; at >= from; at--) {
    const passedOver = consumed.slice(0, at).some((last) => last > at);
    if (matrices > 0 && !passedOver && !sharesLayers(order, at)) starts.push({ at, matrices });
    if (hasMatrix(order[at]!)) matrices += 1;
  }
  const start =
    starts.find((one) => one.matrices <= mostMatrices && isMeeting(order[one.at]!)) ??
    starts.find((one) => one.matrices >= 2) ??
    starts[0];
  if (!start)
    throw new UnusableModel(
      "The model has no layer with weights before the place where it is cut, so there is nothing to train. Add it again, cut later.",
    );
  return { start: order[start.at]!, steps: order.slice(start.at + 1) };
}

/** Each value after those it is made of. */
function stepsUpTo(output: SymbolicTensor): SymbolicTensor[] {
  const order: SymbolicTensor[] = [];
  const seen = new Set<number>();
  const visit = (one: SymbolicTensor): void => {
    if (seen.has(one.id)) return;
    seen.add(one.id);
    one.inputs.forEach(visit);
    order.push(one);
  };
  visit(output);
  return order;
}

/** For each place the last place that uses its value. */
function lastUse(order: readonly SymbolicTensor[]): number[] {
  const placeOf = new Map(order.map(({ id }, at) => [id, at]));
  const last = order.map((_, at) => at);
  order.forEach(({ inputs }, at) => {
    for (const { id } of inputs) last[placeOf.get(id)!] = at;
  });
  return last;
}

/** A layer used on both sides would change the front as it is trained. */
function sharesLayers(order: readonly SymbolicTensor[], at: number): boolean {
  const front = new Set(order.slice(0, at + 1).map(({ sourceLayer }) => sourceLayer));
  return order
    .slice(at + 1)
    .some(({ sourceLayer }) => sourceLayer.weights.length > 0 && front.has(sourceLayer));
}

function hasMatrix({ sourceLayer }: SymbolicTensor): boolean {
  return sourceLayer.weights.some(({ shape }) => shape.length >= 2);
}

function isMeeting({ sourceLayer }: SymbolicTensor): boolean {
  return /^(Add|Concatenate)$/.test(sourceLayer.getClassName());
}
