// The model of a round, together with what turns new items into the vectors it was fitted on.

import type { ClassId, ProjectId } from "../../src/core/ids";
import { scoresFromLogits } from "../../src/core/kernels/scores";
import { modelLogits, shapeOf, type Model } from "../../src/core/learning/model";
import { isVectorsId } from "../../src/core/own-vectors";
import { isModelId } from "../../src/core/pretrained";
import type { Database } from "../../src/storage/database";
import { listLearntEncoders } from "../../src/storage/embedding-store";
import { loadRound, loadRoundDetail } from "../../src/storage/round-store";
import { encodeInputs, type Encoded } from "../encode-inputs";
import type { Encoder, EncoderState } from "../encoders/encoder";
import { encoders } from "../encoders/registry";
import { openStoredModel } from "../models";
import type { Input } from "../read-input";
import { nextTask } from "../serve";
import { throwIfStopped, type StopSignal } from "../../src/core/errors";

export interface OpenedModel {
  readonly classIds: readonly ClassId[];
  readonly model: Model;
  /** Numbers in a vector the model takes. */
  readonly dims: number;
  /** null where the vectors come from elsewhere, so that only vectors can be predicted. */
  readonly encoder: OpenedEncoder | null;
  close(): void;
}

export interface OpenedEncoder {
  readonly encoder: Encoder;
  readonly state: EncoderState;
  /** Trained elsewhere: a row of zeros then says that it could make nothing of the item. */
  readonly isPretrained: boolean;
}

/** @throws where the round has no model, or what made its embeddings is gone. */
export async function openModel(
  database: Database,
  projectId: ProjectId,
  round: number,
): Promise<OpenedModel> {
  const summary = await loadRound(database, projectId, round);
  const detail = await loadRoundDetail(database, projectId, round);
  if (!summary || !detail?.model)
    throw new Error(`Round ${round} has no model. Choose another round, or answer more questions first.`);
  const opened = await openEncoder(database, projectId, round, summary.encoderKey);
  return {
    classIds: summary.classIds,
    model: detail.model,
    dims: shapeOf(detail.model).dims,
    encoder: opened.encoder,
    close: opened.close,
  };
}

async function openEncoder(
  database: Database,
  projectId: ProjectId,
  round: number,
  encoderKey: string,
): Promise<Pick<OpenedModel, "encoder" | "close">> {
  const nothing = () => undefined;
  if (isVectorsId(encoderKey)) return { encoder: null, close: nothing };
  if (isModelId(encoderKey)) {
    const stored = await openStoredModel(database, encoderKey.slice(0, encoderKey.indexOf("@")));
    if (stored.encoderKey !== encoderKey) {
      stored.close();
      throw new Error(
        `Round ${round} was fitted on what an earlier version of its encoder made (${encoderKey}), which cannot be made anew. Choose a newer round.`,
      );
    }
    const encoder = { encoder: stored.encoder, state: {}, isPretrained: true };
    return { encoder, close: () => stored.close() };
  }
  const learnt = (await listLearntEncoders(database, projectId)).find((one) => one.encoderKey === encoderKey);
  const encoder = learnt && encoders.get(learnt.encoderId);
  if (!learnt || !encoder)
    throw new Error(
      `What the encoder of round ${round} learnt (${encoderKey}) is not on this computer any more, so its model cannot look at new files. Choose another round.`,
    );
  return { encoder: { encoder, state: learnt.state as EncoderState, isPretrained: false }, close: nothing };
}

/**
 * The model's probabilities for vectors of length 1: rows × classes, row-major.
 * @param terms of the same rows; null where the encoder counts none.
 */
export function probabilitiesOf(
  model: Model,
  vectors: Float32Array,
  rows: number,
  terms: Encoded["terms"],
): Float32Array {
  if (rows === 0) return new Float32Array(0);
  const logits = modelLogits(model, vectors, rows, terms);
  return scoresFromLogits(logits, rows, logits.length / rows, model.activation).probabilities;
}

/** What the encoder makes of the inputs, as many at once as it takes. @throws Stopped. */
export async function encodeAll(
  { encoder, state }: OpenedEncoder,
  inputs: readonly Input[],
  stop: StopSignal,
): Promise<Encoded> {
  const step = encoder.batchItems;
  if (step === undefined) return encodeInputs(encoder, inputs, state);
  const values = new Float32Array(inputs.length * encoder.dims);
  for (let from = 0; from < inputs.length; from += step) {
    const part = await encodeInputs(encoder, inputs.slice(from, from + step), state);
    values.set(part.values, from * encoder.dims);
    await nextTask();
    throwIfStopped(stop);
  }
  // What takes items in batches counts no terms.
  return { values, terms: null };
}
