// Runs an ONNX model of texts: tokens in, one row out of their states.

import type { Tensor } from "onnxruntime-web";
import type { Pooling, TokenInput } from "../../../src/core/pretrained";
import { type ModelFolder, UnusableModel } from "../../../src/formats/models/model-files";
import type { OnnxOutput, OnnxSession } from "./onnx-session";
import type { Device, Runner } from "./runner";

export interface Tokens {
  /** Texts × length, the shorter ones filled up with 0. */
  readonly ids: readonly (readonly number[])[];
  readonly length: number;
}

export type Tokenize = (texts: readonly string[]) => Tokens;

/** A token is rarely longer; what comes after cannot count any more. */
const charactersPerToken = 32;

/** @throws UnusableModel where the library cannot read the tokenizer. */
export async function openTokenizer(folder: ModelFolder, maxTokens: number): Promise<Tokenize> {
  const { Tokenizer } = await import("@huggingface/tokenizers");
  const config = folder.has("tokenizer_config.json") ? await folder.json("tokenizer_config.json") : {};
  const json = await folder.json("tokenizer.json");
  let encode: (text: string) => number[];
  let closing: number | undefined;
  try {
    const tokenizer = new Tokenizer(json, config);
    encode = (text) => tokenizer.encode(text).ids;
    closing = encode("").at(-1);
    encode("A few words.");
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UnusableModel(
      `The model's tokenizer.json cannot be read here (${message}). Choose a model whose tokenizer is a common one (WordPiece, BPE, Unigram).`,
      { cause: error },
    );
  }
  return (texts) => {
    const ids = texts.map((text) => {
      const all = encode(text.slice(0, maxTokens * charactersPerToken));
      // The token that closes a text stays when the text is cut.
      const cut =
        all.at(-1) === closing ? [...all.slice(0, maxTokens - 1), closing!] : all.slice(0, maxTokens);
      return all.length > maxTokens ? cut : all;
    });
    return { ids, length: Math.max(1, ...ids.map((one) => one.length)) };
  };
}

/** @throws UnusableModel */
export async function createTextRunner(
  session: OnnxSession,
  tokenize: Tokenize,
  output: string,
  { pooling }: TokenInput,
  device: Device,
): Promise<Runner<readonly string[]>> {
  async function run(texts: readonly string[]): Promise<Float32Array> {
    const tokens = tokenize(texts);
    const result = await session.run(feedsOf(session, tokens), output);
    return poolStates(result, tokens, pooling);
  }
  const probe = await run(["A few words."]);
  return { device, dims: probe.length, run, close: () => session.close() };
}

function feedsOf({ ort, inputNames }: OnnxSession, { ids, length }: Tokens): Record<string, Tensor> {
  const whole = (value: (text: readonly number[], at: number) => number) => {
    const values = new BigInt64Array(ids.length * length);
    ids.forEach((text, row) => {
      for (let at = 0; at < length; at++) values[row * length + at] = BigInt(value(text, at));
    });
    return new ort.Tensor("int64", values, [ids.length, length]);
  };
  const known: Readonly<Record<string, () => Tensor>> = {
    input_ids: () => whole((text, at) => text[at] ?? 0),
    attention_mask: () => whole((text, at) => (at < text.length ? 1 : 0)),
    token_type_ids: () => whole(() => 0),
    position_ids: () => whole((_, at) => at),
  };
  return Object.fromEntries(
    inputNames.map((name) => {
      const make = known[name];
      if (!make)
        throw new UnusableModel(
          `The model wants an input called "${name}", which texts do not give. Choose its text model (text_model.onnx) alone, if its folder has one.`,
        );
      return [name, make()];
    }),
  );
}

/** Rows × dims of the states of each text's own tokens; what is a row already stays as it is. */
export function poolStates(
  { values, dims }: OnnxOutput,
  { ids, length }: Tokens,
  pooling: Pooling,
): Float32Array {
  if (dims.length === 2) return values;
  const width = dims[2];
  if (dims.length !== 3 || dims[1] !== length || width === undefined)
    throw new UnusableModel(
      `The model's output has the shape ${dims.join(" × ")}, which is no state for each token. Choose another output.`,
    );
  const rows = new Float32Array(ids.length * width);
  ids.forEach(({ length: own }, row) => {
    const first = pooling === "last" ? own - 1 : 0;
    const count = pooling === "mean" ? Math.max(1, own) : 1;
    for (let at = Math.max(0, first); at < Math.max(0, first) + count; at++)
      for (let k = 0; k < width; k++)
        rows[row * width + k]! += values[(row * length + at) * width + k]! / count;
  });
  return rows;
}
