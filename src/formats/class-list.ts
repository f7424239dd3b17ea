// Several class names in one table cell, so that a multi-label export reads back. "|" separates; a "|" or "\"
// that belongs to a name is preceded by "\".

export function joinClasses(names: readonly string[]): string {
  return names.map((name) => name.replace(/[\\|]/g, "\\$&")).join("|");
}

/** Undoes joinClasses. A cell without "|" or "\" is one name; an empty one is none. */
export function splitClasses(cell: string): string[] {
  if (cell === "") return [];
  const names = [""];
  for (let at = 0; at < cell.length; at++) {
    const last = names.length - 1;
    if (cell[at] === "|") names.push("");
    else if (cell[at] === "\\" && (cell[at + 1] === "|" || cell[at + 1] === "\\")) names[last] += cell[++at]!;
    else names[last] += cell[at]!;
  }
  return names.filter((name) => name !== "");
}
