// What a simulation runs on: embeddings of a pool and a test set with their classes, read from arrays, or made by
// an encoder from a folder of class folders or a table of texts.

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import Papa from "papaparse";
import { createRandom } from "../../src/core/random";
import type { Encoder, EncoderState } from "../../workers/encoders/encoder";
import { encoders } from "../../workers/encoders/registry";
import { openModelFolder } from "../encoders/pretrained/open-folder";
import { decodeImages } from "../encoders/decode-images";
import { inTurn, type Example } from "../encoders/probe";
import { readNpy, writeNpy } from "./npy";

export interface Part {
  /** Row-major, rows × dims. */
  readonly values: Float32Array<ArrayBuffer>;
  readonly rows: number;
  /** Indices of classes. */
  readonly truth: Int32Array;
}

export interface DataSet {
  readonly name: string;
  readonly encoder: string;
  readonly dims: number;
  readonly classes: readonly string[];
  readonly pool: Part;
  readonly test: Part;
}

/** Images decoded in one browser; more take gigabytes as text between the two processes. */
const decodedAtOnce = 500;
const encodedAtOnce = 256;
/** Of the rows, where no test set is given. */
const testShare = 0.2;

/** The first `train` rows are the pool, the rest the test set. */
export function readArrays(embeddings: string, labels: string, train: number): DataSet {
  const { shape, values } = readNpy(embeddings);
  const [rows, dims] = [shape[0] ?? 0, shape[1] ?? 0];
  const truth = Int32Array.from(readNpy(labels).values);
  if (truth.length !== rows || !(train > 0 && train < rows))
    throw new Error(
      `${embeddings} has ${rows} rows, ${labels} has ${truth.length} labels and --train is ${train}: the first two must be equal and the third between them.`,
    );
  const count = truth.reduce((most, one) => Math.max(most, one), -1) + 1;
  return {
    name:
      basename(embeddings) === "X.npy"
        ? basename(dirname(resolve(embeddings)))
        : basename(embeddings, ".npy"),
    encoder: "given embeddings",
    dims,
    classes: Array.from({ length: count }, (_, at) => `${at}`),
    pool: { values: values.slice(0, train * dims), rows: train, truth: truth.slice(0, train) },
    test: { values: values.slice(train * dims), rows: rows - train, truth: truth.slice(train) },
  };
}

export function writeArrays({ pool, test, dims }: DataSet, path: string): void {
  const rows = pool.rows + test.rows;
  const values = new Float32Array(rows * dims);
  values.set(pool.values);
  values.set(test.values, pool.values.length);
  writeNpy(path, [rows, dims], values);
  writeNpy(join(dirname(path), "y.npy"), [rows], Int32Array.of(...pool.truth, ...test.truth));
}

/**
 * Encodes items; the encoder learns from the pool only.
 * @param encoderId of a built-in one, or a folder with a pretrained model.
 * @param testPath where null, a fifth of the items, drawn at random, is the test set.
 */
export async function encodeItems(
  path: string,
  testPath: string | null,
  encoderId: string,
): Promise<DataSet> {
  const encoder = await openEncoder(path, encoderId);
  let pool = await readItems(path, encoder);
  let test: typeof pool;
  if (testPath !== null) test = await readItems(testPath, encoder);
  else {
    const shuffled = createRandom(5).shuffle(pool);
    const count = Math.round(shuffled.length * testShare);
    [test, pool] = [shuffled.slice(0, count), shuffled.slice(count)];
  }
  const classes = [...new Set([...pool, ...test].map(({ label }) => label))].sort();
  const learn = encoder.learn as (
    items: AsyncIterable<unknown>,
    seed: number,
    stop: null,
  ) => Promise<EncoderState>;
  // In random order, as the app gives them.
  const sample = createRandom(1).shuffle(pool.map(({ input }) => input));
  const state = await learn(inTurn(sample), 1, null);
  const toPart = async (items: readonly Example<unknown>[]): Promise<Part> => ({
    values: await encodeAll(encoder, items, state),
    rows: items.length,
    truth: Int32Array.from(items, ({ label }) => classes.indexOf(label)),
  });
  return {
    name: nameOf(path),
    encoder: encoder.id,
    dims: encoder.dims,
    classes,
    pool: await toPart(pool),
    test: await toPart(test),
  };
}

async function openEncoder(path: string, encoderId: string): Promise<Encoder> {
  const builtIn = encoders.get(encoderId);
  if (builtIn) return builtIn;
  if (!existsSync(encoderId))
    throw new Error(
      `There is no encoder "${encoderId}". Choose one of: ${[...encoders.keys()].join(", ")}, or a folder with a model.`,
    );
  const kind = existsSync(path) && statSync(path).isDirectory() ? "image" : "text";
  return (await openModelFolder(encoderId, kind)).encoder;
}

export async function encodeAll(
  encoder: Encoder,
  items: readonly Example<unknown>[],
  state: EncoderState,
): Promise<Float32Array<ArrayBuffer>> {
  const encode = encoder.encode as (inputs: readonly unknown[], state: EncoderState) => Float32Array;
  const values = new Float32Array(items.length * encoder.dims);
  for (let from = 0; from < items.length; from += encodedAtOnce) {
    const inputs = items.slice(from, from + encodedAtOnce).map(({ input }) => input);
    values.set(await encode(inputs, state), from * encoder.dims);
  }
  return values;
}

/** The name of the folder of a data set whose parts are called train and test. */
function nameOf(path: string): string {
  const own = basename(resolve(path)).replace(/\.csv$/, "");
  return own === "train" ? basename(dirname(resolve(path))) : own;
}

export async function readItems(path: string, encoder: Encoder): Promise<Example<unknown>[]> {
  if (!existsSync(path)) throw new Error(`There is nothing at ${path}.`);
  const isFolder = statSync(path).isDirectory();
  if (isFolder !== (encoder.kind === "image"))
    throw new Error(
      `The encoder ${encoder.id} is for ${encoder.kind}s: give it ${encoder.kind === "image" ? "a folder of class folders" : "a .csv with the columns text and label"}.`,
    );
  return encoder.kind === "image" ? readImages(path, encoder.maxSide) : readTexts(path);
}

function readTexts(path: string): Example<string>[] {
  const { data } = Papa.parse<{ text?: string; label?: string }>(readFileSync(path, "utf8"), {
    header: true,
    skipEmptyLines: true,
  });
  const items = data.filter((one) => one.text !== undefined && one.label !== undefined);
  if (items.length === 0) throw new Error(`${path} has no rows with the columns text and label.`);
  return items.map(({ text, label }) => ({ input: text!, label: label! }));
}

async function readImages(folder: string, maxSide: number): Promise<Example<unknown>[]> {
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((one) => one.isDirectory())
    .map(({ name }) => name)
    .sort()
    .flatMap((label) =>
      readdirSync(join(folder, label))
        .sort()
        .map((file) => ({ input: join(folder, label, file), label })),
    );
  const decoded: Example<unknown>[] = [];
  for (let from = 0; from < files.length; from += decodedAtOnce) {
    const some = files
      .slice(from, from + decodedAtOnce)
      .map(({ input, label }) => ({ input: readFileSync(input), label }));
    decoded.push(...(await decodeImages(some, maxSide)));
  }
  return decoded;
}
