// Finds the item that a name in a file of vectors means: its id, its path, its file name, with or without the ending,
// where only one item has it.

import type { Row } from "../../core/ids";

export interface NamedItem {
  readonly itemId: string;
  readonly name: string;
  readonly path: string;
}

/** The row a name means; "several" where more than one item is called that; null where none is. */
export type FindRow = (name: string) => Row | "several" | null;

const several = -1;

/** @param items in row order. */
export function createMatcher(items: Iterable<NamedItem>): FindRow {
  const byId = new Map<string, Row>();
  /** From the most exact way of naming to the least. */
  const ways: readonly ((item: NamedItem) => string)[] = [
    ({ path }) => clean(path),
    ({ name }) => name,
    ({ path }) => withoutEnding(clean(path)),
    ({ name }) => withoutEnding(name),
  ];
  const tables = ways.map(() => new Map<string, Row>());
  let row = 0;
  for (const item of items) {
    byId.set(item.itemId, row);
    ways.forEach((wayOf, at) => {
      const key = wayOf(item);
      tables[at]!.set(key, tables[at]!.has(key) ? several : row);
    });
    row++;
  }
  return (name) => {
    const wanted = clean(name);
    const found = byId.get(wanted.toLowerCase());
    if (found !== undefined) return found;
    let ambiguous = false;
    // A longer path than ours still ends in ours: a job over a bucket writes all of it.
    for (const key of endingsOf(wanted))
      for (const table of tables) {
        const place = table.get(key);
        if (place !== undefined && place !== several) return place;
        ambiguous ||= place === several;
      }
    return ambiguous ? "several" : null;
  };
}

/** `s3://bucket/a/b.png`, `bucket/a/b.png`, `a/b.png`, `b.png`. */
function* endingsOf(path: string): Generator<string> {
  yield path;
  for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1))
    if (at + 1 < path.length) yield path.slice(at + 1);
}

function clean(path: string): string {
  return path.trim().replaceAll("\\", "/").replace(/^\.\//, "");
}

function withoutEnding(name: string): string {
  return name.replace(/\.[^./]+$/, "");
}
