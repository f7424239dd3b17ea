// Writing what came in a bundle: records of a project that is not visible yet, and another log into one that is.

import type { LabelEvent } from "../core/event";
import type { EventId, ItemId, ProjectId } from "../core/ids";
import type { Item } from "../core/item";
import type { Project } from "../core/project";
import { commit, projectRange, writeAll, type Database } from "./database";
import { loadItems } from "./item-store";
import type {
  Content,
  EmbeddingChunk,
  ItemHashes,
  LearntEncoder,
  RoundDetail,
  RoundSummary,
  Thumbnail,
} from "./schema";

interface Restored {
  readonly items: readonly Item[];
  readonly itemHashes: readonly ItemHashes[];
  readonly contents: readonly Content[];
  readonly thumbnails: readonly Thumbnail[];
  readonly embeddings: readonly EmbeddingChunk[];
  readonly encoders: readonly LearntEncoder[];
  readonly rounds: readonly RoundSummary[];
  readonly roundDetails: readonly RoundDetail[];
}

/** All or nothing. Writing the same records again changes nothing. @throws StorageFull */
export async function restoreRecords(database: Database, records: Partial<Restored>): Promise<void> {
  const names = Object.keys(records) as (keyof Restored)[];
  const transaction = database.transaction(names, "readwrite");
  await commit(transaction, () =>
    writeAll(
      names.flatMap((name) =>
        records[name]!.map((one) => () => transaction.objectStore(name).put(one as never)),
      ),
    ),
  );
}

/**
 * Stores the events and what `change` makes of the project as it is stored by then, all or nothing and durable.
 * @param change gets null where there is no such project; may throw. @throws StorageFull
 */
export async function storeMerged(
  database: Database,
  projectId: ProjectId,
  change: (stored: Project | null) => Project,
  events: readonly LabelEvent[],
): Promise<void> {
  const transaction = database.transaction(["projects", "events"], "readwrite", { durability: "strict" });
  const projects = transaction.objectStore("projects");
  await commit(transaction, async () => {
    const project = change((await projects.get(projectId)) ?? null);
    await writeAll([
      () => projects.put(project),
      ...events.map((event) => () => transaction.objectStore("events").add(event)),
    ]);
  });
}

/** The project each of these events is stored with; those that are not stored are left out. */
export async function ownersOf(
  database: Database,
  projectId: ProjectId,
  ids: Iterable<EventId>,
): Promise<Map<EventId, ProjectId>> {
  const transaction = database.transaction("events");
  const { store } = transaction;
  // Keys of one range are read at once; events of other projects are few, and looked up one by one.
  const own = await store.index("byProject").getAllKeys(projectRange(projectId));
  const owners = new Map(own.map((id) => [id, projectId]));
  const others = [...ids].filter((id) => !owners.has(id));
  const found = await Promise.all(others.map((id) => store.get(id)));
  for (const event of found) if (event) owners.set(event.id, event.projectId);
  return owners;
}

/** Items read at a time. */
const pageRows = 5000;

/** The ids of all items of the project. */
export async function listItemIds(database: Database, projectId: ProjectId): Promise<Set<ItemId>> {
  const ids = new Set<ItemId>();
  for (let from = 0; ; from += pageRows) {
    const items = await loadItems(database, projectId, from, from + pageRows);
    for (const { itemId } of items) ids.add(itemId);
    if (items.length === 0) return ids;
  }
}
