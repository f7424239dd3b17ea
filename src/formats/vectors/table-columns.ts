// Which column of a table holds the names and which the vectors: one column of lists, or a column for each number.

import { UnreadableFile } from "../reader";

export interface VectorColumns {
  readonly name: string;
  /** One column of lists; null where each number has a column of its own. */
  readonly list: string | null;
  readonly numbers: readonly string[];
}

const nameColumns = [
  "item_id",
  "itemid",
  "id",
  "sha256",
  "path",
  "file_path",
  "filepath",
  "file",
  "file_name",
  "filename",
  "image",
  "image_path",
  "name",
  "uri",
  "url",
  "key",
  "text",
];

/** Fewer columns of numbers are attributes rather than a vector. */
const fewestNumbers = 4;

/** @param first the first row of data, as it came. @throws UnreadableFile */
export function findColumns(first: Readonly<Record<string, unknown>>, what: string): VectorColumns {
  const columns = Object.keys(first);
  const list = columns.filter((column) => isList(first[column]));
  const numbers = columns.filter((column) => isNumber(first[column]) && !isNameColumn(column));
  if (list.length > 1)
    throw new UnreadableFile(
      `${what} has several columns of lists: ${list.join(", ")}. Keep the one that holds the vectors, and the names.`,
    );
  if (list.length === 0 && numbers.length < fewestNumbers)
    throw new UnreadableFile(
      `${what} has no vectors: neither a column of lists such as [0.1, 0.2] nor a column for each number.`,
    );
  const others = columns.filter(
    (column) => !list.includes(column) && (list.length === 1 || !numbers.includes(column)),
  );
  const known = nameColumns
    .map((name) => others.find((column) => column.toLowerCase() === name))
    .find(Boolean);
  const name = known ?? others.find((column) => typeof first[column] === "string") ?? others[0];
  if (name === undefined)
    throw new UnreadableFile(
      `${what} has no column that names the items. Add one called "path" or "id", so that each vector finds its item.`,
    );
  return { name, list: list[0] ?? null, numbers: list.length === 1 ? [] : numbers };
}

function isNameColumn(column: string): boolean {
  return nameColumns.includes(column.toLowerCase());
}

function isNumber(value: unknown): boolean {
  if (typeof value === "number" || typeof value === "bigint") return true;
  return (
    typeof value === "string" &&
    value.trim() !== "" &&
    (Number.isFinite(Number(value)) || /^[+-]?(nan|inf)/i.test(value))
  );
}

function isList(value: unknown): boolean {
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return true;
  return typeof value === "string" && /^\s*\[[^{"]*\]\s*$/.test(value);
}

/** The numbers of one row; null where they are none. */
export function vectorOf(
  row: Readonly<Record<string, unknown>>,
  { list, numbers }: VectorColumns,
): Float32Array | null {
  if (list === null) return Float32Array.from(numbers, (column) => toNumber(row[column]));
  let value = row[list];
  if (typeof value === "string") value = parseList(value);
  if (ArrayBuffer.isView(value)) return Float32Array.from(value as unknown as ArrayLike<number>, Number);
  return Array.isArray(value) ? Float32Array.from(value, toNumber) : null;
}

/** Commas or blanks between the numbers, as JSON and NumPy print them. */
function parseList(text: string): number[] | null {
  const inside = /^\s*\[([^\]]*)\]\s*$/.exec(text)?.[1];
  if (inside === undefined) return null;
  return inside
    .split(/[\s,;]+/)
    .filter((part) => part !== "")
    .map(toNumber);
}

function toNumber(value: unknown): number {
  if (value === null || value === undefined || value === "") return NaN;
  return Number(value);
}
