// The items of the open project as records for an export, a page at a time.

import type { ClassId, ItemId } from "../core/ids";
import type { Item } from "../core/item";
import type { LabelRecord, Opinion } from "../formats/export";
import { chunkRows } from "../storage/embedding-store";
import { loadItems, textsOf } from "../storage/item-store";
import type { Opinions } from "./opinions";
import type { Session } from "./session.svelte";

/** Chunks of embeddings, so that none is looked at for two pages; small enough to answer keys in between. */
const pageRows = chunkRows;

export async function* exportRecords(
  session: Session,
  opinions: Opinions | null,
  labelledOnly: boolean,
  passed: (items: number) => void,
): AsyncGenerator<LabelRecord> {
  const { database, project, itemCount } = session;
  const names = new Map<string, string>(project.classes.map(({ id, name }) => [id, name]));
  for (let from = 0; from < itemCount; from += pageRows) {
    const items = await loadItems(database, project.id, from, from + pageRows);
    const wanted = items.filter(({ itemId }) => !labelledOnly || classesOf(session, itemId));
    const texts = project.kind === "text" ? await textsOf(database, wanted) : [];
    const thoughts = await opinions?.page(from, from + pageRows);
    for (const [place, item] of wanted.entries()) {
      const thought = thoughts?.get(item.row);
      const opinion =
        (thought && opinions?.of(thought, classesOf(session, item.itemId) ?? null, names)) ?? null;
      yield recordOf(session, item, texts[place] ?? null, names, opinion);
    }
    passed(Math.min(itemCount, from + pageRows));
  }
}

function classesOf({ view }: Session, itemId: ItemId): readonly ClassId[] | undefined {
  return view.classesOf(itemId);
}

function recordOf(
  session: Session,
  item: Item,
  text: string | null,
  names: ReadonlyMap<string, string>,
  opinion: Opinion | null,
): LabelRecord {
  const event = session.labels.current(item.itemId);
  const classIds = classesOf(session, item.itemId);
  const said = event?.answer.type;
  const status = classIds
    ? "labelled"
    : said === "skip"
      ? "skipped"
      : said === "unsure"
        ? "unsure"
        : "unlabelled";
  const { itemId, name, path, kind, given, width, height } = item;
  return {
    itemId,
    name,
    path,
    kind,
    given,
    width,
    height,
    text,
    classes: (classIds ?? []).map((id) => names.get(id)!),
    status,
    slice: status === "labelled" ? session.labels.slice(itemId) : null,
    origin: event?.origin ?? null,
    annotator: event?.annotator ?? null,
    at: event?.at ?? null,
    round: event?.shown?.round ?? null,
    tookMs: event?.tookMs ?? null,
    guess: event?.shown?.guess ? (names.get(event.shown.guess) ?? null) : null,
    confidence: event?.shown?.confidence ?? null,
    opinion,
  };
}
