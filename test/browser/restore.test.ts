// A bundle opened in real storage: its images are taken by their hash, what is shown of them small is made of them and
// not of what the bundle says, and a pretrained encoder comes along where it is what its id says.

import { expect, test } from "vitest";
import { openBundle } from "../../src/formats/bundle/read";
import { loadEmbeddings } from "../../src/storage/embedding-store";
import { loadItems, loadThumbnail } from "../../src/storage/item-store";
import { deleteModel, loadModel } from "../../src/storage/model-store";
import { deleteProject, saveProject } from "../../src/storage/project-store";
import { saveRound } from "../../src/storage/round-store";
import { restoreModels } from "../../workers/bundling/restore-models";
import { restoreProject } from "../../workers/bundling/restore-project";
import { writeProject } from "../../workers/bundling/write-project";
import { createEmbedder } from "../../workers/embedder";
import { createImporter } from "../../workers/importer";
import { smallLayers } from "../encoders/pretrained/small-tfjs";
import { draw } from "./importing/pictures";
import { makeProject, makeRound, openEmptied, projectId } from "./stored";

const project = projectId();
const about = { annotator: "Ada", appVersion: "1", createdAt: 1 };
const nothing = () => undefined;
const { signal } = new AbortController();

test("a thumbnail of something else does not come along", async () => {
  const database = await openEmptied();
  await saveProject(database, makeProject("image"));
  const file = new File([await draw("image/png", 600, 300, 120)], "wide.png");
  const sources = [{ path: "wide.png", given: null, file }];
  await createImporter().importImages({ projectId: project, sources, labels: null });
  const [item] = await loadItems(database, project, 0, 1);
  const honest = (await loadThumbnail(database, project, item!.itemId))!;
  const forged = (await draw("image/png", 9, 9)).buffer;
  await database.put("thumbnails", {
    projectId: project,
    itemId: item!.itemId,
    type: "image/png",
    bytes: forged,
  });
  const choice = { items: true, embeddings: false, models: false };
  const blob = await writeProject(database, project, choice, about, nothing, signal);
  await deleteProject(database, project);
  const bundle = await openBundle(blob, "made.askwell", null);
  expect((await bundle.thumbnail(item!.itemId))!.length).toBe(forged.byteLength);
  expect(await restoreProject(database, bundle, nothing, signal)).toEqual({
    projectId: project,
    problems: [],
  });
  const restored = (await loadThumbnail(database, project, item!.itemId))!;
  expect(new Uint8Array(restored.bytes)).toEqual(new Uint8Array(honest.bytes));
});

test("an encoder from disk comes along with its embeddings, unless it is another than its id says", async () => {
  const database = await openEmptied();
  const embedder = createEmbedder();
  const files = smallLayers();
  const { cut, input } = await embedder.surveyModel(files, "image");
  const model = await embedder.addModel(files, "image", { name: "small", cut, input });
  const made = makeProject("image");
  await saveProject(database, { ...made, settings: { ...made.settings, encoderId: model.id } });
  const file = new File([await draw("image/png", 30, 20, 50)], "a.png");
  const sources = [{ path: "a.png", given: null, file }];
  await createImporter().importImages({ projectId: project, sources, labels: null });
  const { encoderKey } = await embedder.embed(project, model.id, 1, nothing);
  await saveRound(database, { projectId: project, encoderKey, poolRows: 1, at: 1 }, makeRound(1));
  const before = await loadEmbeddings(database, project, encoderKey);
  const blob = await writeProject(
    database,
    project,
    { items: true, embeddings: true, models: true },
    about,
    nothing,
    signal,
  );
  const open = () => openBundle(blob, "made.askwell", null);
  const forget = async () => {
    await deleteProject(database, project);
    await deleteModel(database, model.id);
  };

  await forget();
  expect((await restoreProject(database, await open(), nothing, signal)).problems).toEqual([]);
  expect(await loadModel(database, model.id)).toEqual(model);
  expect(await loadEmbeddings(database, project, encoderKey)).toEqual(before);
  const again = await createEmbedder().embed(project, model.id, 1, nothing);
  expect([again.encoderKey, again.rows]).toEqual([encoderKey, 1]);

  await forget();
  const bundle = await open();
  async function* models() {
    for await (const one of bundle.models())
      yield {
        ...one,
        file: async (place: number) => new Blob([new Uint8Array((await one.file(place)).size)]),
      };
  }
  const swapped = new Proxy(bundle, {
    get: (target, key) => {
      if (key === "models") return models;
      const value = Reflect.get(target, key, target) as unknown;
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  expect(await restoreModels(database, swapped)).toEqual([
    {
      place: "small",
      message: "The encoder “small” was changed in the bundle; it was left out. Add it under Settings.",
    },
  ]);
  expect(await loadModel(database, model.id)).toBeNull();
});
