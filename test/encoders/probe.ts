// Measures an encoder the usual way: a logistic head on a few labels drawn at random, its accuracy on items
// neither the encoder nor the head has seen, and the mean of ten draws.

import { fitLayers } from "../../src/core/learning/fit-linear";
import type { LinearProducts } from "../../src/core/learning/linear-products";
import { createRandom } from "../../src/core/random";
import { createLinearProducts } from "../../workers/compute/wasm/linear-products";
import type { Encoder, EncoderState } from "../../workers/encoders/encoder";

export interface Example<Input> {
  readonly input: Input;
  readonly label: string;
}

export interface ProbeItems<Input> {
  readonly pool: readonly Example<Input>[];
  readonly test: readonly Example<Input>[];
}

// A single draw of 100 TREC questions moves the result by 5 points either way.
const DRAWS = 10;

/** Accuracy in percent for each number of labels. */
export async function probe<Input>(
  encoder: Encoder,
  { pool, test }: ProbeItems<Input>,
  labelCounts: readonly number[],
): Promise<number[]> {
  const { learn, encode } = encoder as unknown as {
    learn(items: AsyncIterable<Input>, seed: number, stop: null): Promise<EncoderState>;
    encode(inputs: readonly Input[], state: EncoderState): Float32Array | Promise<Float32Array>;
  };
  const state = await learn(inTurn(pool.map(({ input }) => input)), 1, null);
  const toRows = (examples: readonly Example<Input>[]) =>
    encode(
      examples.map(({ input }) => input),
      state,
    );
  const poolRows = await toRows(pool);
  const testRows = await toRows(test);
  const names = [...new Set(pool.map(({ label }) => label))].sort();
  const poolClasses = pool.map(({ label }) => names.indexOf(label));
  const testClasses = test.map(({ label }) => names.indexOf(label));
  const embedded: Embedded = {
    dims: encoder.dims,
    classes: names.length,
    pool: { rows: poolRows, truth: poolClasses },
    test: { rows: testRows, truth: testClasses },
    products: await createLinearProducts(),
  };
  return labelCounts.map((count) => accuracyOfProbe(embedded, count));
}

export interface EmbeddedPart {
  /** Row-major, rows × dims. */
  readonly rows: Float32Array;
  /** Indices of classes. */
  readonly truth: readonly number[];
}

export interface Embedded {
  readonly dims: number;
  readonly classes: number;
  readonly pool: EmbeddedPart;
  readonly test: EmbeddedPart;
  readonly products: LinearProducts;
}

/** Accuracy in percent on the test part: the mean of ten draws of so many labels, or of all where there are no more. */
export function accuracyOfProbe({ dims, classes, pool, test, products }: Embedded, count: number): number {
  const draws = count < pool.truth.length ? DRAWS : 1;
  let correct = 0;
  for (let draw = 0; draw < draws; draw++) {
    const drawn = createRandom(100 + draw).sample(pool.truth.length, Math.min(count, pool.truth.length));
    const layer = fit(pool.rows, pool.truth, drawn, dims, classes, products);
    test.truth.forEach((truth, row) => {
      if (mostLikely(layer, test.rows.subarray(row * dims, (row + 1) * dims)) === truth) correct++;
    });
  }
  return (100 * correct) / (draws * test.truth.length);
}

function fit(
  rows: Float32Array,
  truth: readonly number[],
  drawn: readonly number[],
  dims: number,
  classes: number,
  products: LinearProducts,
) {
  const features = new Float32Array(drawn.length * dims);
  const targets = new Uint8Array(drawn.length * classes);
  drawn.forEach((row, at) => {
    features.set(rows.subarray(row * dims, (row + 1) * dims), at * dims);
    targets[at * classes + truth[row]!] = 1;
  });
  const problem = { features, rows: drawn.length, dims, targets, classes, products };
  return fitLayers(problem, "softmax", { c: 10, warm: null, stop: null, tolerance: 1e-5 }).layers[0]!;
}

function mostLikely({ classes, weights, bias }: ReturnType<typeof fit>, row: Float32Array): number {
  const logits = Float64Array.from(bias);
  for (let dim = 0; dim < row.length; dim++)
    for (let one = 0; one < classes; one++) logits[one]! += row[dim]! * weights[dim * classes + one]!;
  return logits.indexOf(Math.max(...logits));
}

export async function* inTurn<Item>(items: Iterable<Item>): AsyncGenerator<Item> {
  yield* items;
}
