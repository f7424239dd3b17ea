// The hashes of a project's items by row, read from their columns.

import type { ProjectId, Row } from "../core/ids";
import { hashWords, packItemIds } from "../core/item-index";
import type { Database } from "./database";
import { loadItems } from "./item-store";

/**
 * Calls back with the hashes of the rows from `from` to `to` − 1 in pieces, in order, as core/item-index packs
 * them. Rows that an older page stored are read item by item.
 */
export async function loadItemHashes(
  database: Database,
  projectId: ProjectId,
  from: Row,
  to: Row,
  take: (hashes: Uint32Array) => void,
): Promise<void> {
  let row = from;
  while (row < to) {
    const range = IDBKeyRange.bound([projectId, row], [projectId, to - 1]);
    const columns = await database.getAll("itemHashes", range, columnsAtOnce);
    if (columns[0]?.firstRow !== row) {
      const end = Math.min(to, columns[0]?.firstRow ?? to, row + itemsAtOnce);
      const items = await loadItems(database, projectId, row, end);
      if (items.length !== end - row) return;
      take(packItemIds(items.map(({ itemId }) => itemId)));
      row = end;
      continue;
    }
    for (const { firstRow, hashes } of columns) {
      if (firstRow !== row) break;
      const words = new Uint32Array(hashes);
      take(words);
      row += words.length / hashWords;
    }
  }
}

/** Small enough that the page answers keys in between. */
const columnsAtOnce = 20;
const itemsAtOnce = 1000;
