// Keeps the pretrained encoders a bundle brings, where they are what their ids say.

import { ModelFolder } from "../../src/formats/models/model-files";
import type { Bundle } from "../../src/formats/bundle/read";
import type { Database } from "../../src/storage/database";
import { loadModel, saveModel } from "../../src/storage/model-store";
import type { ImportProblem } from "../../src/storage/schema";
import { identify } from "../models";

/**
 * One that is here already stays as it is. They are for all projects, so they stay where the rest of the bundle fails.
 * @throws BundleDamaged, StorageFull
 */
export async function restoreModels(database: Database, bundle: Bundle): Promise<ImportProblem[]> {
  const problems: ImportProblem[] = [];
  for await (const { model, file } of bundle.models()) {
    if (await loadModel(database, model.id)) continue;
    const files = new Map<string, Blob>();
    for (const [place, { path }] of model.files.entries()) files.set(path, await file(place));
    const folder = new ModelFolder(model.name, [...files]);
    // Whoever names another's id could slip in files that see other things.
    if ((await identify(folder, model)) === model.id)
      await saveModel(database, model, (path) => files.get(path)!);
    else
      problems.push({
        place: model.name,
        message: `The encoder “${model.name}” was changed in the bundle; it was left out. Add it under Settings.`,
      });
  }
  return problems;
}
