// Looks at parsed JSON of strangers one field at a time, and says which part of the bundle it does not fit.

import { BundleDamaged } from "./damaged";

export type Fields = Readonly<Record<string, unknown>>;

/** No name, id or note of ours comes near; texts of items are looked at where they are read. */
const maxText = 100_000;

export function fieldsOf(value: unknown, path: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new BundleDamaged(path, "does not hold what belongs there");
  return value as Fields;
}

export function text(fields: Fields, key: string, path: string, longest = maxText): string {
  const value = fields[key];
  if (typeof value !== "string" || value.length > longest) throw wrong(path, key);
  return value;
}

export function integer(fields: Fields, key: string, path: string, least = 0): number {
  const value = fields[key];
  if (!Number.isSafeInteger(value) || (value as number) < least) throw wrong(path, key);
  return value as number;
}

export function finite(fields: Fields, key: string, path: string): number {
  const value = fields[key];
  if (typeof value !== "number" || !Number.isFinite(value)) throw wrong(path, key);
  return value;
}

/** Milliseconds since 1970 that a calendar has; later ones cannot be shown. */
export function moment(fields: Fields, key: string, path: string): number {
  const value = integer(fields, key, path);
  if (value > 8.64e15) throw wrong(path, key);
  return value;
}

export function flag(fields: Fields, key: string, path: string): boolean {
  const value = fields[key];
  if (typeof value !== "boolean") throw wrong(path, key);
  return value;
}

export function list(fields: Fields, key: string, path: string): readonly unknown[] {
  const value = fields[key];
  if (!Array.isArray(value)) throw wrong(path, key);
  return value;
}

export function texts(fields: Fields, key: string, path: string): readonly string[] {
  const values = list(fields, key, path);
  if (!values.every((value) => typeof value === "string" && value.length <= maxText)) throw wrong(path, key);
  return values as readonly string[];
}

export function oneOf<T extends string>(fields: Fields, key: string, allowed: readonly T[], path: string): T {
  const value = fields[key];
  if (!allowed.includes(value as T)) throw wrong(path, key);
  return value as T;
}

export function pattern(fields: Fields, key: string, shape: RegExp, path: string): string {
  const value = text(fields, key, path);
  if (!shape.test(value)) throw wrong(path, key);
  return value;
}

/** @param length how many there must be, where that is known. */
export function numbers<T extends Float32Array | Uint32Array | Uint16Array | Uint8Array>(
  fields: Fields,
  key: string,
  Type: new (length: number) => T,
  path: string,
  length?: number,
): T {
  const value = fields[key];
  if (!(value instanceof Type) || (length !== undefined && value.length !== length)) throw wrong(path, key);
  return value;
}

function wrong(path: string, key: string): BundleDamaged {
  return new BundleDamaged(path, `has something unexpected for "${key}"`);
}
