// Guesses what the columns of a table are, from a sample of its rows. Only ever a proposal: the person sees
// it in the preview and can choose otherwise.

import { markerColumn } from "./formula";

const textNames = new Set(
  "text sentence content message body review comment question query utterance tweet post description document prompt abstract".split(
    " ",
  ),
);
/** Best first. `labels` comes first because our own JSONL has both, and only it holds several. */
const givenNames = "labels label class classes category target intent sentiment topic tag".split(" ");
const otherNames = new Set(
  "id index idx row name title subject date time timestamp author user url source lang language split score rating".split(
    " ",
  ),
);
const mostGivenCharacters = 40;
const mostGivenClasses = 50;

export function guessText(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  if (columns.includes(markerColumn) && columns.includes("text")) return "text";
  let best = columns[0] ?? "";
  let bestWeight = -1;
  columns.forEach((column, place) => {
    const cells = rows.map((row) => row[place] ?? "");
    let weight = mean(cells.map((cell) => cell.length));
    if (textNames.has(column.trim().toLowerCase())) weight *= 4;
    // Hashes, paths and addresses are long, and nobody labels them.
    if (cells.every((cell) => /^[!-~]*[\d/][!-~]*$/.test(cell))) weight *= 0.1;
    if (weight > bestWeight) {
      best = column;
      bestWeight = weight;
    }
  });
  return best;
}

/** By name; else the column with the fewest different short values, where those repeat. */
export function guessGiven(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  textColumn: string,
): string | null {
  const others = columns.filter((column) => column !== textColumn);
  for (const name of givenNames) {
    const found = others.find((column) => column.trim().toLowerCase() === name);
    if (found !== undefined) return found;
  }
  let best: string | null = null;
  let fewest = Infinity;
  for (const column of others) {
    const place = columns.indexOf(column);
    const cells = rows.map((row) => row[place] ?? "").filter((cell) => cell !== "");
    const different = new Set(cells).size;
    const repeats = cells.length >= 6 && cells.length >= rows.length * 0.9 && different * 3 <= cells.length;
    const short = cells.every((cell) => cell.length <= mostGivenCharacters && !/^-?\d+[.,]\d+$/.test(cell));
    if (repeats && short && different >= 2 && different <= mostGivenClasses && different < fewest) {
      best = column;
      fewest = different;
    }
  }
  return best;
}

/** Whether the first row names the columns. When in doubt it does, because most tables have a header. */
export function looksLikeHeader(first: readonly string[], rest: readonly (readonly string[])[]): boolean {
  const cells = first.map((cell) => cell.trim());
  const known = (cell: string) =>
    textNames.has(cell) || givenNames.includes(cell) || otherNames.has(cell) || cell === markerColumn;
  if (cells.some((cell) => known(cell.toLowerCase()))) return true;
  const likeValue = (cell: string) =>
    cell.length > 64 || /^[-+]?[\d.,]+%?$/.test(cell) || /[.!?]$/.test(cell) || /\n/.test(cell);
  if (cells.some(likeValue)) return false;
  // A spreadsheet's row numbers often have no name; a second nameless column is no header.
  if (cells.slice(1).some((cell) => cell === "")) return false;
  if (
    rest.length > 0 &&
    cells.some((cell, place) => cell !== "" && rest.some((row) => row[place] === first[place]))
  )
    return false;
  if (cells.length === 1)
    return rest.length > 0 && words(cells[0]!) * 2 < mean(rest.map((row) => words(row[0] ?? "")));
  return true;
}

/** Names for the columns: nameless ones by number, repeated ones with a number behind. */
export function columnNames(header: readonly string[]): string[] {
  const taken = new Set(header.map((cell) => cell.trim()));
  const given = new Set<string>();
  return header.map((cell, place) => {
    const plain = cell.trim() || `Column ${place + 1}`;
    let name = plain;
    for (let number = 2; given.has(name) || (name !== cell.trim() && taken.has(name)); number++)
      name = `${plain} (${number})`;
    given.add(name);
    return name;
  });
}

function words(cell: string): number {
  return cell.trim().split(/\s+/).length;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
