// The model of a round as exporters take it.

import { shapeOf } from "../core/learning/model";
import type { ExportedHead } from "../formats/export";
import { loadRoundDetail } from "../storage/round-store";
import type { RoundSummary } from "../storage/schema";
import type { Session } from "./session.svelte";

/** Rounds whose model can be exported, newest first. */
export function roundsWithModel({ learning }: Session): readonly RoundSummary[] {
  return learning.rounds.filter(({ hasHead }) => hasHead).reverse();
}

/** The model of that round, or of the newest that has one. null where there is none. */
export async function exportedModel(session: Session, number: number | null): Promise<ExportedHead | null> {
  const { database, project } = session;
  const rounds = roundsWithModel(session);
  const round = number === null ? rounds[0] : rounds.find((one) => one.number === number);
  const detail = round && (await loadRoundDetail(database, project.id, round.number));
  if (!round || !detail?.model) return null;
  const names = new Map(project.classes.map(({ id, name }) => [id, name]));
  const [id, version] = round.encoderKey.split("@") as [string, string];
  return {
    model: detail.model,
    classes: round.classIds.map((classId) => names.get(classId) ?? classId),
    encoder: { id, version, dims: shapeOf(detail.model).dims },
  };
}
