// Pretrained encoders with their files, kept by this browser for all its projects.

import type { PretrainedModel } from "../core/pretrained";
import { commit, type Database } from "./database";

/** Small enough for any browser's structured clone, large enough that a model is a few dozen records. */
const pieceBytes = 8 * 1024 * 1024;

export async function listModels(database: Database): Promise<PretrainedModel[]> {
  const models = await database.getAll("models");
  return models.sort((a, b) => a.addedAt - b.addedAt);
}

export async function loadModel(database: Database, modelId: string): Promise<PretrainedModel | null> {
  return (await database.get("models", modelId)) ?? null;
}

/**
 * Keeps the files piece by piece and names the model last, so that one cut short is never listed.
 * @throws StorageFull; what was written of it by then is removed again.
 */
export async function saveModel(
  database: Database,
  model: PretrainedModel,
  fileOf: (path: string) => Blob,
): Promise<void> {
  try {
    for (const { path, sizeBytes } of model.files) {
      const file = fileOf(path);
      for (let from = 0, piece = 0; from === 0 || from < sizeBytes; from += pieceBytes, piece++) {
        const bytes = await file.slice(from, from + pieceBytes).arrayBuffer();
        const transaction = database.transaction("modelPieces", "readwrite");
        await commit(transaction, () => transaction.store.put({ modelId: model.id, path, piece, bytes }));
      }
    }
    const transaction = database.transaction("models", "readwrite");
    await commit(transaction, () => transaction.store.put(model));
  } catch (error) {
    await deleteModel(database, model.id);
    throw error;
  }
}

/** The model's files as they were added. */
export async function loadModelFiles(
  database: Database,
  model: PretrainedModel,
): Promise<readonly (readonly [path: string, file: Blob])[]> {
  const files: (readonly [string, Blob])[] = [];
  for (const { path } of model.files) {
    const pieces = await database.getAll("modelPieces", piecesOf(model.id, path));
    files.push([path, new Blob(pieces.map(({ bytes }) => bytes))]);
  }
  return files;
}

/** Its embeddings stay: a model added again finds them. */
export async function deleteModel(database: Database, modelId: string): Promise<void> {
  const transaction = database.transaction(["models", "modelPieces"], "readwrite");
  await commit(transaction, () =>
    Promise.all([
      transaction.objectStore("models").delete(modelId),
      transaction.objectStore("modelPieces").delete(IDBKeyRange.bound([modelId], [modelId, []])),
    ]),
  );
}

function piecesOf(modelId: string, path: string): IDBKeyRange {
  return IDBKeyRange.bound([modelId, path], [modelId, path, []]);
}
