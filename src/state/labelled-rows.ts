// Labels of a training view as rows and places of classes, the way workers take them.

import type { ClassId, ItemId } from "../core/ids";
import { activeClasses } from "../core/project";
import type { LabelledRow } from "../core/round";
import type { Session } from "./session.svelte";

/** Labels of items that are gone are left out. */
export function labelledRows(
  { project, items }: Session,
  labels: ReadonlyMap<ItemId, readonly ClassId[]>,
): LabelledRow[] {
  const place = new Map(activeClasses(project).map(({ id }, at) => [id, at]));
  return [...labels].flatMap(([itemId, classIds]) => {
    const row = items.rowOf(itemId);
    return row === undefined ? [] : [{ row, classes: classIds.map((id) => place.get(id)!) }];
  });
}
