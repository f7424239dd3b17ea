// Guesses which column of a table names image files: what makes a table the labels of the images beside it.

import { markerColumn } from "./formula";

const fileNames = new Set(
  "file_name filename file files image image_path image_file img path filepath file_path name img_path image_name".split(
    " ",
  ),
);
const imageEnding = /\.(jpe?g|jfif|png|apng|webp|gif|bmp|avif|tiff?)([?#].*)?$/i;

/** @param rows cells by column. null where fewer than half of a column's cells look like image files. */
export function guessFile(columns: readonly string[], rows: readonly (readonly string[])[]): string | null {
  // Our own tables name the file inside the archive in `files`, and where it came from in `path`.
  const own = ["files", "path"].find((column) => columns.includes(column));
  if (columns.includes(markerColumn) && own !== undefined) return own;
  let best: string | null = null;
  let most = 0;
  columns.forEach((column, place) => {
    const cells = rows.map((row) => row[place] ?? "").filter((cell) => cell !== "");
    const share =
      cells.length === 0 ? 0 : cells.filter((cell) => imageEnding.test(cell)).length / cells.length;
    const weight = share + (fileNames.has(column.trim().toLowerCase()) && share > 0 ? 0.1 : 0);
    if (share >= 0.5 && weight > most) {
      best = column;
      most = weight;
    }
  });
  return best;
}
