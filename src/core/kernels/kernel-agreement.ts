// Compares any `Kernels` with the reference on seeded questions, kernel by kernel: the start-up self-check of a
// tier and the tests of the fast implementations ask the same. Whole numbers must be equal, so the questions
// are such that float32 rounding decides nothing.

import type { Kernels, ResidentMatrix } from "./kernels";
import { createRandom } from "../random";
import { createReferenceKernels } from "./reference-kernels";
import { scoresFromLogits } from "./scores";

/** float32 sums of some hundred products of order one differ by far less. Relative above 1. */
const tolerance = 1e-4;

export interface AgreementExample {
  readonly name: string;
  readonly rows: number;
  readonly dims: number;
  readonly classes: number;
  /**
   * `plain`: no two rows alike. `duplicates`: each row several times, so that distances are 0. `ties`: small
   * whole numbers, so that products and distances are exact and often equal.
   */
  readonly kind: "plain" | "duplicates" | "ties";
  /** Every how manieth row is a candidate; 1 for all. */
  readonly every: number;
  /** Rows chosen, at most the candidates; Infinity for all of them. */
  readonly count: number;
}

/** Few and small: what a tier answers before it is trusted. */
export const quickExamples: readonly AgreementExample[] = [
  { name: "plain", rows: 37, dims: 19, classes: 3, kind: "plain", every: 2, count: 5 },
  { name: "duplicates", rows: 24, dims: 5, classes: 2, kind: "duplicates", every: 1, count: Infinity },
  { name: "ties", rows: 33, dims: 4, classes: 4, kind: "ties", every: 1, count: 9 },
];

interface Question extends Omit<AgreementExample, "every" | "kind"> {
  readonly kind: AgreementExample["kind"];
  readonly values: Float32Array;
  readonly weights: Float32Array;
  readonly bias: Float32Array;
  readonly probabilities: Float32Array;
  /** Not in order: kernels may not rely on it. */
  readonly candidates: Uint32Array;
  readonly centres: Uint32Array;
  /** One for each row, with repeats, infinities and NaN. */
  readonly ranked: Float32Array;
}

type Numbers = Uint32Array | Float32Array;
type Check = (kernels: Kernels, matrix: ResidentMatrix, question: Question) => Promise<Numbers[]>;

const checks: Readonly<Record<string, Check>> = {
  async "scores by softmax"(kernels, matrix, { dims, classes, weights, bias }) {
    const found = await kernels.scores(matrix, { dims, classes, weights, bias }, "softmax");
    return [found.probabilities, found.leastConfidence, found.margin, found.entropy];
  },
  async "scores by sigmoid"(kernels, matrix, { dims, classes, weights, bias }) {
    const found = await kernels.scores(matrix, { dims, classes, weights, bias }, "sigmoid");
    return [found.probabilities, found.leastConfidence, found.margin, found.entropy];
  },
  async "farthestFirst from centres"(kernels, matrix, { candidates, centres, count }) {
    const found = await kernels.farthestFirst(matrix, candidates, centres, count, null);
    return [found.rows, found.distances];
  },
  async "farthestFirst without centres"(kernels, matrix, { candidates, kind, count }) {
    // The distances to the mean of whole numbers may be equal in float64 and not in float32.
    if (kind === "ties") return [];
    const found = await kernels.farthestFirst(matrix, candidates, new Uint32Array(0), count, null);
    return [found.rows, found.distances];
  },
  async "spreadSample from centres"(kernels, matrix, { candidates, centres, count }) {
    return [await kernels.spreadSample(matrix, candidates, centres, count, 11, null)];
  },
  async "spreadSample without centres"(kernels, matrix, { candidates, count }) {
    return [await kernels.spreadSample(matrix, candidates, new Uint32Array(0), count, 12, null)];
  },
  async gradientSample(kernels, matrix, { probabilities, classes, candidates, count }) {
    return [await kernels.gradientSample(matrix, probabilities, classes, candidates, count, 13, null)];
  },
  async topK(kernels, _, { ranked, candidates, count }) {
    const all = Uint32Array.from(ranked.keys());
    return [
      await kernels.topK(ranked, candidates, count),
      await kernels.topK(ranked, all, all.length),
      await kernels.topK(ranked, candidates, 0),
    ];
  },
  async nearest(kernels, matrix, { candidates, rows }) {
    const few = await kernels.nearest(matrix, candidates.subarray(0, 50), 7, null);
    const more = await kernels.nearest(matrix, candidates.subarray(0, 3), Math.min(rows + 2, 40), null);
    return [few.rows, few.products, more.rows, more.products];
  },
  async kMeans(kernels, matrix, { candidates, centres, values, dims, kind }) {
    // Twice the first centre: its twin stays empty.
    const rows = [...centres, centres[0]!];
    const places = Float32Array.from(
      rows.flatMap((row) => [...values.subarray(row * dims, (row + 1) * dims)]),
    );
    const found = await kernels.kMeans(matrix, candidates, places, kind === "ties" ? 0 : 4, null);
    return [found.clusters, found.centres, found.squaredDistances];
  },
  async density(kernels, matrix, { candidates }) {
    return [await kernels.density(matrix, candidates), await kernels.density(matrix, new Uint32Array(0))];
  },
  async multiply(kernels, matrix, { weights, classes }) {
    return [await kernels.multiply(matrix, weights, classes)];
  },
  async innerProducts(kernels, matrix, { candidates, centres }) {
    return [await kernels.innerProducts(matrix, candidates, centres)];
  },
};

/** What a kernel is called here; a prefix of each is the name in `Kernels`. */
export const checkNames: readonly string[] = Object.keys(checks);

/** What the kernels answer differently from the reference, as sentences; empty when they agree. */
export async function findDisagreements(
  kernels: Kernels,
  examples: readonly AgreementExample[] = quickExamples,
  names: readonly string[] = checkNames,
): Promise<string[]> {
  const reference = createReferenceKernels();
  const found: string[] = [];
  for (const example of examples) {
    const question = ask(example);
    const [plain, fast] = await Promise.all(
      [reference, kernels].map((one) => one.upload(question.values.slice(), question.rows, question.dims)),
    );
    for (const name of names) {
      const check = checks[name]!;
      const expected = await check(reference, plain!, question);
      // A tier that throws disagrees too, and its reason is worth more than a stack.
      const wrong = await check(kernels, fast!, question).then(
        (answer) => firstDifference(expected, answer),
        (error: unknown) => String(error),
      );
      if (wrong) found.push(`${name} (${example.name}): ${wrong}`);
    }
    plain!.dispose();
    fast!.dispose();
  }
  return found;
}

function ask({ every, ...example }: AgreementExample): Question {
  const { name, rows, dims, classes, kind } = example;
  const random = createRandom(20261121).fork(name);
  const normals = (count: number) => Float32Array.from({ length: count }, () => random.normal());
  // Multiples of 1/256 below 8, which half precision holds too: a tier may keep embeddings in it.
  const values = normals(rows * dims).map((value) => Math.round(value * 256) / 256);
  if (kind === "ties") values.forEach((_, at) => (values[at] = random.integer(3) - 1));
  const originals = Math.ceil(rows / 4);
  if (kind === "duplicates")
    for (let row = originals; row < rows; row++)
      values.copyWithin(row * dims, (row % originals) * dims, ((row % originals) + 1) * dims);
  const candidates = Uint32Array.from({ length: Math.ceil(rows / every) }, (_, at) => at * every);
  const logits = normals(rows * classes);
  if (kind === "duplicates") logits.forEach((_, at) => (logits[at] = logits[at % (originals * classes)]!));
  const choices = [-Infinity, Infinity, NaN, -1, 0, 0.5, 0.5, 2];
  return {
    ...example,
    count: Math.min(example.count, candidates.length),
    values,
    weights: normals(dims * classes),
    bias: normals(classes),
    probabilities: scoresFromLogits(logits, rows, classes, "softmax").probabilities,
    candidates: random.shuffle(candidates),
    centres: Uint32Array.from({ length: Math.min(4, rows) }, (_, at) => Math.floor((at * rows) / 4)),
    ranked: Float32Array.from({ length: rows }, () => choices[random.integer(choices.length)]!),
  };
}

function firstDifference(expected: readonly Numbers[], found: readonly Numbers[]): string | null {
  for (const [part, numbers] of expected.entries()) {
    const answer = found[part];
    if (answer?.length !== numbers.length)
      return `part ${part} has ${answer?.length} numbers instead of ${numbers.length}`;
    const exact = numbers instanceof Uint32Array;
    for (let at = 0; at < numbers.length; at++) {
      if (!isSame(numbers[at]!, answer[at]!, exact))
        return `part ${part} at ${at}: ${answer[at]} instead of ${numbers[at]}`;
    }
  }
  return null;
}

function isSame(expected: number, found: number, exact: boolean): boolean {
  if (Object.is(expected, found) || expected === found) return true;
  // Written so that NaN disagrees.
  return !exact && Math.abs(expected - found) <= tolerance * Math.max(1, Math.abs(expected));
}
