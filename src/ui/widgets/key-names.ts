// How keys are written: one notation in code ("mod+shift+k", "escape", "?"), the names people see on their
// own keyboard, and the form aria-keyshortcuts wants.

const apple = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent);

const caps: Record<string, string> = {
  mod: apple ? "⌘" : "Ctrl",
  ctrl: apple ? "⌃" : "Ctrl",
  alt: apple ? "⌥" : "Alt",
  shift: apple ? "⇧" : "Shift",
  escape: "Esc",
  enter: "Enter",
  space: "Space",
  backspace: apple ? "⌫" : "Backspace",
  delete: "Del",
  tab: "Tab",
  arrowleft: "←",
  arrowright: "→",
  arrowup: "↑",
  arrowdown: "↓",
};

const ariaNames: Record<string, string> = {
  mod: apple ? "Meta" : "Control",
  ctrl: "Control",
  alt: "Alt",
  shift: "Shift",
  escape: "Escape",
  enter: "Enter",
  space: "Space",
  backspace: "Backspace",
  delete: "Delete",
  tab: "Tab",
  arrowleft: "ArrowLeft",
  arrowright: "ArrowRight",
  arrowup: "ArrowUp",
  arrowdown: "ArrowDown",
};

/** "mod+k" → ["mod", "k"]; a plus that is the key itself ("+", "shift++") stays one. */
function splitKeys(keys: string): string[] {
  return keys === " " ? ["space"] : keys.split(/\+(?=.)/).map((key) => key || "+");
}

/** The caps to draw, in order. */
export function keyCaps(keys: string): string[] {
  return splitKeys(keys).map(
    (key) => caps[key.toLowerCase()] ?? (key.length === 1 ? key.toUpperCase() : key),
  );
}

/** The value of aria-keyshortcuts. */
export function ariaKeys(keys: string): string {
  return splitKeys(keys)
    .map((key) => ariaNames[key.toLowerCase()] ?? key.toUpperCase())
    .join("+");
}
