// Rounds: a small summary each for the curve, the head and the questions beside it. None is overwritten.

import type { ProjectId } from "../core/ids";
import type { Round } from "../core/round";
import { commit, projectRange, writeAll, type Database } from "./database";
import type { RoundDetail, RoundSummary } from "./schema";

export async function saveRound(
  database: Database,
  about: Pick<RoundSummary, "projectId" | "encoderKey" | "poolRows" | "at">,
  round: Round,
): Promise<RoundSummary> {
  const { projectId } = about;
  const { model, questions, ...rest } = round;
  const summary: RoundSummary = { ...rest, ...about, hasHead: model !== null };
  const transaction = database.transaction(["rounds", "roundDetails"], "readwrite");
  await commit(transaction, () =>
    writeAll([
      () => transaction.objectStore("rounds").add(summary),
      () =>
        transaction.objectStore("roundDetails").add({ projectId, number: round.number, model, questions }),
    ]),
  );
  return summary;
}

/** All rounds in order, without their weights. */
export async function loadRounds(database: Database, projectId: ProjectId): Promise<RoundSummary[]> {
  return database.getAll("rounds", projectRange(projectId));
}

export async function loadRound(
  database: Database,
  projectId: ProjectId,
  number: number,
): Promise<RoundSummary | null> {
  return (await database.get("rounds", [projectId, number])) ?? null;
}

export async function loadRoundDetail(
  database: Database,
  projectId: ProjectId,
  number: number,
): Promise<RoundDetail | null> {
  return (await database.get("roundDetails", [projectId, number])) ?? null;
}
