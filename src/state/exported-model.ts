// The model of a round as exporters take it, and the parts of a page that classifies by itself.

import { shapeOf, type Model } from "../core/learning/model";
import { openEmbedder } from "../engine/embedder";
import { standaloneEncoderIds, standaloneScript } from "../engine/standalone-script";
import { isVectorsId } from "../core/own-vectors";
import { isModelId } from "../core/pretrained";
import type { EncoderFiles, ExportedHead, ExportSource } from "../formats/export";
import { listLearntEncoders } from "../storage/embedding-store";
import { loadModel, loadModelFiles } from "../storage/model-store";
import { loadRoundDetail } from "../storage/round-store";
import type { RoundSummary } from "../storage/schema";
import type { Session } from "./session.svelte";

/** Rounds whose model can be exported, newest first. */
export function roundsWithModel({ learning }: Session): readonly RoundSummary[] {
  return learning.rounds.filter(({ hasHead }) => hasHead).reverse();
}

interface ExportedModel {
  readonly head: ExportedHead;
  readonly standalone: NonNullable<ExportSource["standalone"]>;
  readonly encoderFiles: NonNullable<ExportSource["encoderFiles"]>;
  readonly joinTfjs: NonNullable<ExportSource["joinTfjs"]>;
}

/** The model of that round, or of the newest that has one. null where there is none. */
export async function exportedModel(session: Session, number: number | null): Promise<ExportedModel | null> {
  const { database, project } = session;
  const rounds = roundsWithModel(session);
  const round = number === null ? rounds[0] : rounds.find((one) => one.number === number);
  const detail = round && (await loadRoundDetail(database, project.id, round.number));
  if (!round || !detail?.model) return null;
  const names = new Map(project.classes.map(({ id, name }) => [id, name]));
  // Vectors computed elsewhere are a set of their own and have no versions.
  const [id, version = "1"] = round.encoderKey.split("@") as [string, string?];
  return {
    head: {
      model: detail.model,
      classes: round.classIds.map((classId) => names.get(classId) ?? classId),
      encoder: { id, version, dims: shapeOf(detail.model).dims },
    },
    standalone: () => standaloneParts(session, round.encoderKey, id),
    encoderFiles: () => encoderFiles(session, id),
    joinTfjs: ({ model }) => joined(id, model),
  };
}

/** In a worker of its own, which gives back at once what the encoder took. */
async function joined(encoderId: string, model: Model) {
  throwIfNoModel(encoderId);
  const workshop = openEmbedder();
  try {
    return await workshop.joinTfjs(encoderId, model);
  } finally {
    workshop.close();
  }
}

function throwIfNoModel(encoderId: string): void {
  if (isVectorsId(encoderId))
    throw new Error(
      "This model was fitted on vectors computed elsewhere, so there is no encoder here that could go with it. Export the model alone.",
    );
  if (!isModelId(encoderId))
    throw new Error(
      `This model was fitted on “${encoderId}”, an encoder that comes with Askwell and runs nowhere else. Export a classifier page, which carries it, or the model alone.`,
    );
}

async function encoderFiles({ database }: Session, encoderId: string): Promise<EncoderFiles> {
  throwIfNoModel(encoderId);
  const model = await loadModel(database, encoderId);
  if (!model)
    throw new Error(
      "The encoder of this model is not on this computer any more. Add it again under Settings.",
    );
  const files = new Map(await loadModelFiles(database, model));
  return {
    model,
    file(path) {
      const file = files.get(path);
      if (!file) throw new Error(`“${model.name}” lacks its file ${path}. Add it again under Settings.`);
      return file;
    },
  };
}

async function standaloneParts({ database, project }: Session, encoderKey: string, encoderId: string) {
  if (!standaloneEncoderIds[project.kind].includes(encoderId))
    throw new Error(
      `A classifier page can carry the encoders that come with Askwell, and this model was fitted on “${encoderId}”. Choose a built-in encoder, let the model learn, and export again.`,
    );
  const learnt = (await listLearntEncoders(database, project.id)).find(
    (one) => one.encoderKey === encoderKey,
  );
  if (!learnt)
    throw new Error(
      "What the encoder learnt for this round is not stored any more. Choose a newer round and export that.",
    );
  return { script: await standaloneScript(project.kind), encoderState: learnt.state };
}
