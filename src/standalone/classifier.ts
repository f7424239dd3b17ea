// The whole of a trained model in a page of its own: encoder, what it learnt, and head, in plain arithmetic.

import { scoresFromLogits } from "../core/kernels/scores";
import { modelLogits, type Model } from "../core/learning/model";
import { unpack } from "../formats/bundle/packed";
import { encodeInputs } from "../../workers/encode-inputs";
import type { Encoder, EncoderState } from "../../workers/encoders/encoder";
import type { Input } from "../../workers/read-input";

/** What the page is given, packed and in base 64. */
export interface ClassifierData {
  readonly project: string;
  readonly classes: readonly string[];
  readonly appVersion: string;
  readonly encoderId: string;
  readonly encoderState: EncoderState;
  readonly model: Model;
}

export interface Classifier {
  readonly data: ClassifierData;
  /** One row of probabilities an item, in the order of the classes. */
  classify(inputs: readonly unknown[]): Promise<readonly Float32Array[]>;
}

export function readData(base64: string): ClassifierData {
  const letters = atob(base64);
  const bytes = new Uint8Array(letters.length);
  for (let at = 0; at < letters.length; at++) bytes[at] = letters.charCodeAt(at);
  return unpack(bytes, "this page") as ClassifierData;
}

/** @throws where the page was made for an encoder it does not carry, which is a fault of the maker. */
export function createClassifier(data: ClassifierData, encoders: readonly Encoder[]): Classifier {
  const encoder = encoders.find(({ id }) => id === data.encoderId);
  if (!encoder) throw new Error(`This page lacks the encoder "${data.encoderId}".`);
  const { model, classes } = data;
  return {
    data,
    async classify(inputs) {
      const { values, terms } = await encodeInputs(encoder, inputs as readonly Input[], data.encoderState);
      const logits = modelLogits(model, values, inputs.length, terms);
      const { probabilities } = scoresFromLogits(logits, inputs.length, classes.length, model.activation);
      return inputs.map((_, row) => probabilities.slice(row * classes.length, (row + 1) * classes.length));
    },
  };
}
