// One call to an encoder of either kind: embeddings, and terms beside them where it counts any.

import type { TermRows } from "../src/core/learning/terms";
import type { Encoder, EncoderState, ImageInput } from "./encoders/encoder";
import type { Input } from "./read-input";

export interface Encoded {
  /** Rows × dims. */
  readonly values: Float32Array;
  /** Of the same rows; null where the encoder counts none. */
  readonly terms: TermRows | null;
}

/** @param inputs of the encoder's kind. */
export async function encodeInputs(
  encoder: Encoder,
  inputs: readonly Input[],
  state: EncoderState,
): Promise<Encoded> {
  if (encoder.kind === "image")
    return { values: await encoder.encode(inputs as readonly ImageInput[], state), terms: null };
  const texts = inputs as readonly string[];
  return (
    (await encoder.encodeWithTerms?.(texts, state)) ?? {
      values: await encoder.encode(texts, state),
      terms: null,
    }
  );
}

/** Whether the encoder counts terms. */
export function countsTerms(encoder: Encoder): boolean {
  return encoder.kind === "text" && encoder.encodeWithTerms !== undefined;
}
