// The items of a project as records for an export, a page at a time.

import type { ClassId, ItemId } from "../../src/core/ids";
import type { Item } from "../../src/core/item";
import type { LabelRecord, Opinion } from "../../src/formats/export";
import { chunkRows } from "../../src/storage/embedding-store";
import { loadItems, textsOf } from "../../src/storage/item-store";
import type { Opinions } from "./opinions";
import type { StoredProject } from "./stored-project";

/** Chunks of embeddings, so that none is looked at for two pages. */
const pageRows = chunkRows;

export async function* exportRecords(
  stored: StoredProject,
  opinions: Opinions | null,
  labelledOnly: boolean,
  passed: (items: number) => Promise<void>,
): AsyncGenerator<LabelRecord> {
  const { database, project, itemCount } = stored;
  const names = new Map<string, string>(project.classes.map(({ id, name }) => [id, name]));
  for (let from = 0; from < itemCount; from += pageRows) {
    const items = await loadItems(database, project.id, from, from + pageRows);
    const wanted = items.filter(({ itemId }) => !labelledOnly || classesOf(stored, itemId));
    const texts = project.kind === "text" ? await textsOf(database, wanted) : [];
    const thoughts = await opinions?.page(from, from + pageRows);
    for (const [place, item] of wanted.entries()) {
      const thought = thoughts?.get(item.row);
      const opinion =
        (thought && opinions?.of(item, thought, classesOf(stored, item.itemId) ?? null, names)) ?? null;
      yield recordOf(stored, item, texts[place] ?? null, names, opinion);
    }
    await passed(Math.min(itemCount, from + pageRows));
  }
}

function classesOf({ view }: StoredProject, itemId: ItemId): readonly ClassId[] | undefined {
  return view.classesOf(itemId);
}

function recordOf(
  stored: StoredProject,
  item: Item,
  text: string | null,
  names: ReadonlyMap<string, string>,
  opinion: Opinion | null,
): LabelRecord {
  const event = stored.labels.current(item.itemId);
  const classIds = classesOf(stored, item.itemId);
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
    slice: status === "labelled" ? stored.labels.slice(itemId) : null,
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
