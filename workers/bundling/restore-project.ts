// Stores the project a bundle holds. The project's own record comes last: until then nothing of it is visible,
// and where it fails nothing of it stays.

import { throwIfStopped, type StopSignal } from "../../src/core/errors";
import type { ItemId, ProjectId } from "../../src/core/ids";
import { packItemIds } from "../../src/core/item-index";
import { inlineText } from "../../src/storage/item-store";
import { mergeEvents } from "../../src/core/merge";
import type { LabelEvent } from "../../src/core/event";
import type { Project } from "../../src/core/project";
import { BundleDamaged, BundleRefused } from "../../src/formats/bundle/damaged";
import type { Bundle } from "../../src/formats/bundle/read";
import { ownersOf, restoreRecords, storeMerged } from "../../src/storage/bundle-store";
import type { Database } from "../../src/storage/database";
import { deleteProject, loadProject } from "../../src/storage/project-store";
import type { ImportProblem } from "../../src/storage/schema";
import type { BundleProgress } from "./api";
import { restoreModels } from "./restore-models";
import { bundledBytes, type BundledBytes } from "./bundled-bytes";

/** Items stored in one transaction; their bytes are in memory until then. */
const batchItems = 32;

export async function restoreProject(
  database: Database,
  bundle: Bundle,
  report: (progress: BundleProgress) => void,
  stop: StopSignal,
): Promise<{ projectId: ProjectId; problems: readonly ImportProblem[] }> {
  const { manifest } = bundle;
  const { name, kind } = manifest.project;
  const projectId = manifest.project.id as ProjectId;
  if (!manifest.holds.items)
    throw new BundleRefused(
      `This bundle holds the answers of “${name}” without its ${kind}s, so there is nothing it could show. Open or make the project with the same ${kind}s here, and merge the bundle on its import screen.`,
    );
  const isHere = () =>
    new BundleRefused(
      `“${name}” is in this browser already. Open it and merge the bundle on its import screen.`,
    );
  if (await loadProject(database, projectId)) throw isHere();
  try {
    const project = await bundle.project();
    const { itemIds, problems } = await restoreItems(database, bundle, projectId, report, stop);
    problems.push(...(await restoreModels(database, bundle)));
    await restoreLearnt(database, bundle, projectId, itemIds.size);
    const events: LabelEvent[] = [];
    for await (const part of bundle.events()) events.push(...part);
    const owners = await ownersOf(
      database,
      projectId,
      events.map(({ id }) => id),
    );
    const merged = mergeEvents(
      {
        projectId,
        classIds: new Map(),
        hasItem: (id) => itemIds.has(id),
        ownerOf: (id) => owners.get(id) ?? null,
        nameOf: (annotator) => annotator,
      },
      events,
    );
    throwIfStopped(stop);
    const asNew = (stored: Project | null) => {
      if (stored) throw isHere();
      return project;
    };
    await storeMerged(database, projectId, asNew, merged.events);
    return { projectId, problems };
  } catch (error) {
    // Another tab may have opened the same bundle and been quicker; that project is whole.
    if (!(await loadProject(database, projectId))) await deleteProject(database, projectId);
    throw error;
  }
}

async function restoreItems(
  database: Database,
  bundle: Bundle,
  projectId: ProjectId,
  report: (progress: BundleProgress) => void,
  stop: StopSignal,
): Promise<{ itemIds: Set<ItemId>; problems: ImportProblem[] }> {
  const total = bundle.manifest.counts.items;
  const itemIds = new Set<ItemId>();
  const problems: ImportProblem[] = [];
  for await (const part of bundle.items()) {
    for (let from = 0; from < part.length; from += batchItems) {
      throwIfStopped(stop);
      const batch = part.slice(from, from + batchItems);
      const found: BundledBytes[] = [];
      // One after the other: decoded, a photo takes fifty megabytes.
      for (const item of batch) found.push(await bundledBytes(bundle, item));
      const first = itemIds.size;
      const items = batch.map(({ text: _text, thumbnail: _thumbnail, ...item }, at) => {
        if (itemIds.has(item.itemId)) throw new BundleDamaged("items", `lists ${item.path} twice`);
        itemIds.add(item.itemId);
        const { bytes } = found[at]!;
        return { ...item, ...(bytes && inlineText(item, bytes)), projectId, row: first + at };
      });
      const column = {
        projectId,
        firstRow: first,
        hashes: packItemIds(items.map(({ itemId }) => itemId)).buffer,
      };
      const contents = items.flatMap(({ itemId, path, text }, at) => {
        const { bytes } = found[at]!;
        if (text !== undefined) return [];
        if (bytes) return [{ projectId, itemId, bytes }];
        problems.push({
          place: path,
          message: `${path} is missing from the bundle or was changed in it. Its answers are kept, but it cannot be shown.`,
        });
        return [];
      });
      const thumbnails = items.flatMap(({ itemId }, at) => {
        const { thumbnail } = found[at]!;
        return thumbnail ? [{ projectId, itemId, ...thumbnail }] : [];
      });
      await restoreRecords(database, { items, itemHashes: [column], contents, thumbnails });
      report({ done: itemIds.size, total });
    }
  }
  if (itemIds.size !== total)
    throw new BundleDamaged("manifest.json", `tells of ${total} items, not ${itemIds.size}`);
  return { itemIds, problems };
}

async function restoreLearnt(
  database: Database,
  bundle: Bundle,
  projectId: ProjectId,
  itemCount: number,
): Promise<void> {
  for await (const { summary, detail } of bundle.rounds()) {
    const { number } = summary;
    if ([...(detail?.questions ?? []), ...(detail?.asked ?? [])].some(({ row }) => row >= itemCount))
      throw new BundleDamaged(`rounds/${number}.packed`, "asks about items that are not in it");
    await restoreRecords(database, {
      rounds: [{ ...summary, projectId }],
      roundDetails: detail ? [{ ...detail, number, projectId }] : [],
    });
  }
  for await (const encoder of bundle.encoders())
    await restoreRecords(database, { encoders: [{ ...encoder, projectId }] });
  for await (const { values, ...chunk } of bundle.chunks()) {
    if (chunk.firstRow + chunk.rows > itemCount)
      throw new BundleDamaged("embeddings", "are of more items than there are in it");
    await restoreRecords(database, { embeddings: [{ ...chunk, values: values.buffer, projectId }] });
  }
}
