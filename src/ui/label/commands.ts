// What a key means on the label screen. Classes have letters and digits to themselves; commands use the
// other keys, so that no class key is ever taken.

import type { ClassId } from "../../core/ids";
import type { LabelClass } from "../../core/project";

export type Command =
  | { readonly type: "class"; readonly classId: ClassId }
  | { readonly type: "confirm" | "skip" | "unsure" | "undo" | "redo" | "back" | "zoom" | "why" | "help" };

export interface CommandKey {
  readonly type: Exclude<Command["type"], "class"> | "palette";
  /** In the notation of Kbd; the first is shown beside its button. */
  readonly keys: readonly string[];
  readonly summary: string;
}

export const commandKeys: readonly CommandKey[] = [
  {
    type: "confirm",
    keys: ["enter"],
    summary: "Take the model's guess; with several classes an item: done ticking",
  },
  { type: "skip", keys: ["arrowright"], summary: "Skip: this one cannot be judged" },
  { type: "unsure", keys: ["arrowdown"], summary: "Unsure: torn between classes, look at it later" },
  { type: "back", keys: ["arrowleft"], summary: "Look at the last answer again" },
  { type: "undo", keys: ["backspace", "mod+z"], summary: "Undo the last answer" },
  { type: "redo", keys: ["mod+shift+z", "mod+y"], summary: "Redo" },
  { type: "zoom", keys: ["space"], summary: "Zoom the image to its full size and back; drag to move it" },
  {
    type: "why",
    keys: ["."],
    summary: "Why this item: scores, probabilities and the labelled items like it",
  },
  { type: "palette", keys: ["mod+k"], summary: "Every command, by name" },
  { type: "help", keys: ["?"], summary: "This list" },
];

export function keysOf(type: CommandKey["type"]): string {
  return commandKeys.find((one) => one.type === type)!.keys[0]!;
}

export function isTyping({ target }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest("[role=dialog], [role=alertdialog], [role=menu], [role=listbox]")) return true;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** Enter and space on a focused button or link belong to it; the link to this very screen has no use for them. */
function belongsToFocus({ key, target }: KeyboardEvent): boolean {
  return (
    (key === "Enter" || key === " ") &&
    target instanceof HTMLElement &&
    target.closest('button, a:not([aria-current="page"]), summary') !== null
  );
}

export function commandFor(event: KeyboardEvent, classes: readonly LabelClass[]): Command | null {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
  if (ctrlKey || metaKey) {
    if (key.toLowerCase() === "z") return { type: shiftKey ? "redo" : "undo" };
    return key.toLowerCase() === "y" ? { type: "redo" } : null;
  }
  if (altKey || belongsToFocus(event)) return null;
  const chosen = classes.find((one) => one.key !== "" && one.key === key.toLowerCase());
  if (chosen) return { type: "class", classId: chosen.id };
  switch (key) {
    case "Enter":
      return { type: "confirm" };
    case "ArrowRight":
      return { type: "skip" };
    case "ArrowDown":
      return { type: "unsure" };
    case "ArrowLeft":
      return { type: "back" };
    case "Backspace":
      return { type: "undo" };
    case " ":
      return { type: "zoom" };
    case ".":
      return { type: "why" };
    case "?":
      return { type: "help" };
    default:
      return null;
  }
}
