// Merges a bundle into a project that is here: its items, where it brings them, and the union of the two logs.

import { nextClassColor } from "../../src/core/class-colors";
import { throwIfStopped, type StopSignal } from "../../src/core/errors";
import type { LabelEvent } from "../../src/core/event";
import type { ItemId, ProjectId } from "../../src/core/ids";
import { matchClasses, mergeEvents } from "../../src/core/merge";
import type { LabelClass, Project } from "../../src/core/project";
import { BundleRefused } from "../../src/formats/bundle/damaged";
import type { Bundle } from "../../src/formats/bundle/read";
import type { BundledItem } from "../../src/formats/bundle/records";
import { listItemIds, ownersOf, storeMerged } from "../../src/storage/bundle-store";
import type { Database } from "../../src/storage/database";
import { addItems, type NewItem } from "../../src/storage/item-store";
import { loadProject } from "../../src/storage/project-store";
import type { ImportProblem } from "../../src/storage/schema";
import type { BundleProgress, Merged, MergeSurvey } from "./api";
import { bundledBytes } from "./bundled-bytes";

const batchItems = 32;
const deleted = "This project was deleted in another tab, so nothing can be merged into it.";

interface Both {
  readonly project: Project;
  readonly theirs: Project;
  readonly itemIds: Set<ItemId>;
  readonly events: readonly LabelEvent[];
}

export async function surveyMerge(
  database: Database,
  bundle: Bundle,
  projectId: ProjectId,
): Promise<Omit<MergeSurvey, "bundle">> {
  const both = await loadBoth(database, bundle, projectId);
  const before = both.itemIds.size;
  for await (const part of bundle.items()) for (const { itemId } of part) both.itemIds.add(itemId);
  const planned = await plan(database, both, {});
  return summarise(planned, both.itemIds.size - before);
}

/** @throws BundleRefused, BundleDamaged, StorageFull; nothing but complete items is stored then. */
export async function mergeBundle(
  database: Database,
  bundle: Bundle,
  projectId: ProjectId,
  names: Readonly<Record<string, string>>,
  report: (progress: BundleProgress) => void,
  stop: StopSignal,
): Promise<Merged> {
  const both = await loadBoth(database, bundle, projectId);
  const { added, problems } = await addMissing(database, bundle, both, report, stop);
  const planned = await plan(database, both, names);
  throwIfStopped(stop);
  // Items take their time, and meanwhile the person may have changed the project.
  await storeMerged(
    database,
    projectId,
    (stored) => withClasses(stored, planned.missing),
    planned.merge.events,
  );
  return { ...summarise(planned, added), problems };
}

async function loadBoth(database: Database, bundle: Bundle, projectId: ProjectId): Promise<Both> {
  const project = await loadProject(database, projectId);
  if (!project) throw new Error(deleted);
  const theirs = await bundle.project();
  if (theirs.kind !== project.kind)
    throw new BundleRefused(
      `The bundle is about ${theirs.kind}s and this project about ${project.kind}s, so they cannot be merged. Nothing was changed.`,
    );
  if (theirs.answerMode !== project.answerMode)
    throw new BundleRefused(
      `In one of the two projects an item has exactly one class and in the other it may have several, so they cannot be merged. Nothing was changed.`,
    );
  const events: LabelEvent[] = [];
  for await (const part of bundle.events()) events.push(...part);
  return { project, theirs, itemIds: await listItemIds(database, projectId), events };
}

async function plan(
  database: Database,
  { project, theirs, itemIds, events }: Both,
  names: Readonly<Record<string, string>>,
) {
  const { ids, missing } = matchClasses(project.classes, theirs.classes);
  const owners = await ownersOf(
    database,
    project.id,
    events.map(({ id }) => id),
  );
  const merge = mergeEvents(
    {
      projectId: project.id,
      classIds: ids,
      hasItem: (id) => itemIds.has(id),
      ownerOf: (id) => owners.get(id) ?? null,
      nameOf: (name) => (Object.hasOwn(names, name) ? names[name]! : name),
    },
    events,
  );
  return { missing, merge };
}

function withClasses(project: Project | null, missing: readonly LabelClass[]): Project {
  if (!project) throw new Error(deleted);
  const classes = [...project.classes];
  for (const one of missing)
    if (!classes.some(({ id }) => id === one.id)) classes.push(distinct(one, classes));
  return missing.length > 0 ? { ...project, classes, changedAt: Date.now() } : project;
}

/** Their key and colour only where nobody here has them. */
function distinct(one: LabelClass, present: readonly LabelClass[]): LabelClass {
  const active = present.filter(({ removed }) => !removed);
  const colors = active.map(({ color }) => color);
  return {
    ...one,
    key: active.some(({ key }) => key === one.key) ? "" : one.key,
    color: colors.includes(one.color) ? nextClassColor(colors) : one.color,
  };
}

function summarise(
  { missing, merge }: Awaited<ReturnType<typeof plan>>,
  newItems: number,
): Omit<MergeSurvey, "bundle"> {
  const answers = new Map<string, number>();
  for (const { type, annotator } of merge.events)
    if (type === "answer") answers.set(annotator, (answers.get(annotator) ?? 0) + 1);
  return {
    annotators: [...answers]
      .map(([name, count]) => ({ name, answers: count }))
      .sort((a, b) => b.answers - a.answers),
    newClasses: missing.filter(({ removed }) => !removed).map(({ name }) => name),
    newItems,
    known: merge.known,
    withoutItem: merge.withoutItem,
  };
}

async function addMissing(
  database: Database,
  bundle: Bundle,
  { project, itemIds }: Both,
  report: (progress: BundleProgress) => void,
  stop: StopSignal,
): Promise<{ added: number; problems: ImportProblem[] }> {
  const total = bundle.manifest.counts.items;
  const problems: ImportProblem[] = [];
  let added = 0;
  let done = 0;
  for await (const part of bundle.items()) {
    const missing = part.filter(({ itemId }) => !itemIds.has(itemId));
    for (let from = 0; from < missing.length; from += batchItems) {
      throwIfStopped(stop);
      const batch = missing.slice(from, from + batchItems);
      const fresh: (NewItem | null)[] = [];
      // One after the other: decoded, a photo takes fifty megabytes.
      for (const item of batch) fresh.push(await newItem(bundle, item, project.id));
      const whole = fresh.filter((item) => item !== null);
      fresh.forEach((item, at) => {
        if (item) return;
        const { path } = batch[at]!;
        problems.push({
          place: path,
          message: `${path} is missing from the bundle or was changed in it; it was left out.`,
        });
      });
      added += (await addItems(database, project.id, whole)).added;
      for (const { item } of whole) itemIds.add(item.itemId);
      report({ done: done + from + batch.length, total });
    }
    done += part.length;
    report({ done, total });
  }
  return { added, problems };
}

async function newItem(bundle: Bundle, bundled: BundledItem, projectId: ProjectId): Promise<NewItem | null> {
  const { bytes, thumbnail } = await bundledBytes(bundle, bundled);
  if (!bytes) return null;
  const { text: _text, thumbnail: _type, ...item } = bundled;
  return { item: { ...item, projectId }, bytes, thumbnail, label: null };
}
