// Makes classes with a colour and a key nobody has yet.

import { nextClassColor } from "../core/class-colors";
import type { ClassId } from "../core/ids";
import type { LabelClass } from "../core/project";

/** Digits first: they lie in order under one hand. Letters after that; "u" and "s" too, commands use none. */
const keys = "1234567890qwertyuiopasdfghjklzxcvbnm";

export function nextKey(used: readonly string[]): string {
  return [...keys].find((key) => !used.includes(key)) ?? "";
}

export function newClasses(
  present: readonly LabelClass[],
  names: readonly string[],
  nextId: () => ClassId,
): LabelClass[] {
  const all = [...present];
  for (const name of names) {
    const active = all.filter(({ removed }) => !removed);
    all.push({
      id: nextId(),
      name,
      color: nextClassColor(active.map(({ color }) => color)),
      key: nextKey(active.map(({ key }) => key)),
      definition: "",
      removed: false,
    });
  }
  return all.slice(present.length);
}
