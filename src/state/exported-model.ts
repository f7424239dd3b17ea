// The model of a round as exporters take it, and the parts of a page that classifies by itself.

import { shapeOf } from "../core/learning/model";
import { standaloneEncoderIds, standaloneScript } from "../engine/standalone-script";
import type { ExportedHead, ExportSource } from "../formats/export";
import { listLearntEncoders } from "../storage/embedding-store";
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
