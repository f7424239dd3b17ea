// Spreadsheets run a cell that begins like a formula. Our CSV exports put an apostrophe before such a cell,
// and our readers take it off again. The rule is a bijection, so that any text survives the round trip.

/** A column of this name marks a table as written by us; only then does a reader take apostrophes off. */
export const markerColumn = "askwell_item";

/**
 * Cells to protect: = + - @ tab CR LF and the full-width signs some spreadsheets take for them (OWASP, CSV
 * injection). Cells that already begin with apostrophes before such a sign get one more, or they could not be
 * told apart on the way back.
 */
export const formulaStart = /^'*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

export function restoreCell(cell: string): string {
  return cell.startsWith("'") && formulaStart.test(cell) ? cell.slice(1) : cell;
}
