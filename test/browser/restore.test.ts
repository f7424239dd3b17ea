// A bundle opened in real storage: its images are taken by their hash, and what is shown of them small is made of
// them and not of what the bundle says.

import { expect, test } from "vitest";
import { openBundle } from "../../src/formats/bundle/read";
import { loadItems, loadThumbnail } from "../../src/storage/item-store";
import { deleteProject, saveProject } from "../../src/storage/project-store";
import { restoreProject } from "../../workers/bundling/restore-project";
import { writeProject } from "../../workers/bundling/write-project";
import { createImporter } from "../../workers/importer";
import { draw } from "./importing/pictures";
import { makeProject, openEmptied, projectId } from "./stored";

const project = projectId();
const about = { annotator: "Ada", appVersion: "1", createdAt: 1 };
const nothing = () => undefined;

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
  const { signal } = new AbortController();
  const choice = { items: true, embeddings: false };
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
