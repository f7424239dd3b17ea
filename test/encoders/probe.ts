// Measures an encoder the usual way: a logistic head on a few labels drawn at random, its accuracy on items
// neither the encoder nor the head has seen, and the mean of ten draws. With many labels the head reads terms beside
// embeddings where the encoder counts them, as in the app.

import { head as logistic } from "../../src/core/heads/logistic";
import { addTerms } from "../../src/core/learning/add-terms";
import { finish } from "../../src/core/steps";
import { gatherRows } from "../../src/core/learning/folds";
import type { LinearProducts } from "../../src/core/learning/linear-products";
import { modelLogits, readsTerms, type Model } from "../../src/core/learning/model";
import { joinTerms, type TermRows } from "../../src/core/learning/terms";
import { resolveParameters } from "../../src/core/parameter";
import { createRandom } from "../../src/core/random";
import { createLinearProducts } from "../../workers/compute/wasm/linear-products";
import { encodeInputs, type Encoded } from "../../workers/encode-inputs";
import type { Encoder, EncoderState } from "../../workers/encoders/encoder";
import type { Input as EncoderInput } from "../../workers/read-input";

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
const encodedAtOnce = 256;

/** Accuracy in percent for each number of labels. */
export async function probe<Input>(
  encoder: Encoder,
  { pool, test }: ProbeItems<Input>,
  labelCounts: readonly number[],
): Promise<number[]> {
  const learn = encoder.learn as unknown as (
    items: AsyncIterable<Input>,
    seed: number,
    stop: null,
  ) => Promise<EncoderState>;
  const state = await learn(inTurn(pool.map(({ input }) => input)), 1, null);
  const names = [...new Set(pool.map(({ label }) => label))].sort();
  const toPart = async (examples: readonly Example<Input>[]): Promise<EmbeddedPart> => ({
    ...(await embed(encoder, examples, state)),
    truth: examples.map(({ label }) => names.indexOf(label)),
  });
  const embedded: Embedded = {
    dims: encoder.dims,
    classes: names.length,
    pool: await toPart(pool),
    test: await toPart(test),
    products: await createLinearProducts(),
  };
  return labelCounts.map((count) => accuracyOfProbe(embedded, count));
}

export async function embed(
  encoder: Encoder,
  examples: readonly Example<unknown>[],
  state: EncoderState,
): Promise<Encoded> {
  const values = new Float32Array(examples.length * encoder.dims);
  const parts: TermRows[] = [];
  const step = encoder.batchItems ?? encodedAtOnce;
  for (let from = 0; from < examples.length; from += step) {
    const inputs = examples.slice(from, from + step).map(({ input }) => input as EncoderInput);
    const encoded = await encodeInputs(encoder, inputs, state);
    values.set(encoded.values, from * encoder.dims);
    if (encoded.terms) parts.push(encoded.terms);
  }
  return { values, terms: joinTerms(parts) };
}

export interface EmbeddedPart extends Encoded {
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
export function accuracyOfProbe(embedded: Embedded, count: number): number {
  const { classes, pool, test } = embedded;
  const draws = count < pool.truth.length ? DRAWS : 1;
  let correct = 0;
  for (let draw = 0; draw < draws; draw++) {
    const drawn = createRandom(100 + draw).sample(pool.truth.length, Math.min(count, pool.truth.length));
    const model = fit(embedded, Uint32Array.from(drawn));
    const terms = readsTerms(model) ? test.terms : null;
    const logits = modelLogits(model, test.values, test.truth.length, terms);
    test.truth.forEach((truth, row) => {
      const ofRow = logits.subarray(row * classes, (row + 1) * classes);
      if (ofRow.indexOf(Math.max(...ofRow)) === truth) correct++;
    });
  }
  return (100 * correct) / (draws * test.truth.length);
}

function fit({ pool, dims, classes, products }: Embedded, places: Uint32Array): Model {
  const targets = new Uint8Array(places.length * classes);
  places.forEach((row, at) => (targets[at * classes + pool.truth[row]!] = 1));
  const features = gatherRows(pool.values, dims, places);
  const training = { features, rows: places.length, dims, targets, classes, places, products };
  const parameters = resolveParameters(logistic.parameters, { calibrate: 0 });
  const tools = {
    pool: { values: pool.values, rows: pool.truth.length, graph: null },
    answerMode: "single",
    random: createRandom(1),
    stop: null,
  } as const;
  const fitted = logistic.fit(training, parameters, null, tools);
  return pool.terms
    ? finish(addTerms(logistic, fitted, training, parameters, pool.terms, tools)).model
    : fitted.model;
}

export async function* inTurn<Item>(items: Iterable<Item>): AsyncGenerator<Item> {
  yield* items;
}
