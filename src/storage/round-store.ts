// Rounds: a small summary each for the curve, the head and the questions beside it. None is overwritten.

import type { ProjectId } from "../core/ids";
import type { Model, NearestModel } from "../core/learning/model";
import type { Question, Round } from "../core/round";
import { commit, projectRange, writeAll, type Database } from "./database";
import { loadEmbeddingRows } from "./embedding-store";
import { throwIfDeleted } from "./project-store";
import type { BareModel, RoundDetail, RoundSummary, StoredModel } from "./schema";

/**
 * @param asked the questions that were answered since the round before and were not among that round's.
 * @throws ProjectDeleted, StorageFull, ConstraintError where there is a round of that number
 */
export async function saveRound(
  database: Database,
  about: Pick<RoundSummary, "projectId" | "encoderKey" | "poolRows" | "at">,
  round: Round,
  asked: readonly Question[] = [],
): Promise<RoundSummary> {
  const { projectId } = about;
  const { model, questions, ...rest } = round;
  const summary: RoundSummary = { ...rest, ...about, hasHead: model !== null };
  const stored = model && withoutFeatures(model);
  const detail = { projectId, number: round.number, model: stored, questions, asked };
  const transaction = database.transaction(["rounds", "roundDetails", "projects"], "readwrite");
  await commit(transaction, async () => {
    await throwIfDeleted(transaction.objectStore("projects"), projectId);
    await writeAll([
      () => transaction.objectStore("rounds").add(summary),
      () => transaction.objectStore("roundDetails").add(detail),
    ]);
  });
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

/** What a round asked. */
export async function loadQuestions(
  database: Database,
  projectId: ProjectId,
  number: number,
): Promise<Round["questions"]> {
  return (await database.get("roundDetails", [projectId, number]))?.questions ?? [];
}

/** Its model is null where there was none, or where the embeddings it rests on have been deleted. */
export async function loadRoundDetail(
  database: Database,
  projectId: ProjectId,
  number: number,
): Promise<RoundDetail | null> {
  const stored = await database.get("roundDetails", [projectId, number]);
  if (!stored) return null;
  const { model } = stored;
  if (!isBare(model)) return { ...stored, model };
  const { encoderKey } = (await loadRound(database, projectId, number))!;
  const features = await loadEmbeddingRows(database, { projectId, encoderKey }, model.places, model.dims);
  return { ...stored, model: features && { ...model, features } };
}

function isBare(model: StoredModel | null): model is BareModel {
  return model?.kind === "k-nearest" && !model.features;
}

/** The rows of labelled items are the embeddings' own, which do not change: each round need not copy them. */
function withoutFeatures(model: Model): StoredModel {
  if (model.kind !== "k-nearest") return model;
  const { features: _, ...rest }: NearestModel = model;
  return rest;
}
