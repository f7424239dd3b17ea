// Labels from a table for items that are in the project already: a table given without its images.

import type { AnswerEvent } from "../core/event";
import type { ItemId } from "../core/ids";
import { givenEvents, type GivenLabels } from "../formats/given-events";
import { loadItems } from "../storage/item-store";
import type { Named } from "./label-tables";
import type { Session } from "./session.svelte";

/** Small enough that the page answers keys in between. */
const pageRows = 1000;
const eventsPerStep = 500;

export interface StoredPaths {
  readonly paths: readonly string[];
  readonly itemIds: readonly ItemId[];
}

/** Where every item of the project came from. */
export async function storedPaths(session: Session): Promise<StoredPaths> {
  const paths: string[] = [];
  const itemIds: ItemId[] = [];
  for (let from = 0; from < session.itemCount; from += pageRows) {
    for (const item of await loadItems(session.database, session.project.id, from, from + pageRows)) {
      paths.push(item.path);
      itemIds.push(item.itemId);
    }
  }
  return { paths, itemIds };
}

/** An item that has an answer keeps it: what a person said here goes before what a file says. */
export async function addStoredLabels(
  session: Session,
  stored: StoredPaths,
  named: ReadonlyMap<number, Named>,
  labels: GivenLabels,
  signal: AbortSignal,
): Promise<{ readonly added: number; readonly kept: number }> {
  let added = 0;
  let kept = 0;
  let events: AnswerEvent[] = [];
  for (const [place, given] of named) {
    const itemId = stored.itemIds[place]!;
    if (session.labels.current(itemId)) {
      kept++;
      continue;
    }
    const { label, earlier } = givenEvents(
      session.project.id,
      itemId,
      given,
      labels,
      () => session.nextEventId(),
      Date.now(),
    );
    if (!label) continue;
    added++;
    events.push(...earlier, label);
    if (events.length < eventsPerStep) continue;
    signal.throwIfAborted();
    await session.append(events);
    events = [];
  }
  if (events.length > 0) await session.append(events);
  return { added, kept };
}
