// Opens what a person gives as vectors: one file or the many parts a job writes, by what is in them rather than by
// what they are called.

import type { StopSignal } from "../../core/errors";
import { UnreadableFile } from "../reader";
import { isNumpy } from "./numpy";
import { openNpy, openNpz } from "./npy";
import { openCsv } from "./table";
import { openParquetVectors } from "./parquet";
import type { VectorFile } from "./vector-file";

export interface VectorSource {
  /** The file's name, for sentences. */
  readonly what: string;
  readonly open: VectorFile;
}

/**
 * A text file beside one array holds its names, one a line.
 * @throws UnreadableFile where a file is none of vectors, or the parts do not fit each other; Stopped.
 */
export async function openVectors(files: readonly File[], stop: StopSignal | null): Promise<VectorSource[]> {
  const lists = files.filter(({ name }) => /\.(txt|names)$/i.test(name));
  const tables = files
    .filter((file) => !lists.includes(file) && !isMarker(file))
    .sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
  if (tables.length === 0)
    throw new UnreadableFile("None of these files holds vectors. Choose .npy, .npz, .parquet or .csv files.");
  if (lists.length > 1 || (lists.length === 1 && tables.length > 1))
    throw new UnreadableFile(
      "A list of names goes with one array only. Choose one .npy file and its .txt of names, or files that hold their names.",
    );
  const names = lists[0] ? await namesIn(lists[0]) : null;
  const sources: VectorSource[] = [];
  for (const file of tables) sources.push({ what: file.name, open: await openOne(file, names, stop) });
  const [first, ...others] = sources as [VectorSource, ...VectorSource[]];
  for (const { what, open } of others) {
    if (open.dims !== first.open.dims)
      throw new UnreadableFile(
        `${first.what} has ${first.open.dims} numbers a row and ${what} has ${open.dims}. All files must come from the same model.`,
      );
    if (!open.named)
      throw new UnreadableFile(
        `${what} has no names, so its rows cannot be told apart from those of the other files. Save the names with the vectors (.npz, Parquet or CSV).`,
      );
  }
  return sources;
}

/** What Spark and Finder leave beside the files. */
function isMarker({ name }: File): boolean {
  return /^(_|\.)/.test(name) || /\.crc$/i.test(name);
}

async function openOne(
  file: File,
  names: readonly string[] | null,
  stop: StopSignal | null,
): Promise<VectorFile> {
  const start = new Uint8Array(await file.slice(0, 8).arrayBuffer());
  const magic = String.fromCharCode(...start.subarray(0, 4));
  if (isNumpy(start)) return openNpy(file, file.name, names);
  if (magic === "PK\u0003\u0004") return openNpz(file, file.name, names, stop);
  if (magic === "PAR1") return openParquetVectors(file, file.name, stop);
  if (start[0] === 0x80 || /\.(pkl|pickle|pt|pth)$/i.test(file.name))
    throw new UnreadableFile(
      `${file.name} is a pickled Python object, which could run code and is never opened. Save the vectors with numpy.save.`,
    );
  if (start.length === 0) throw new UnreadableFile(`${file.name} is empty. Copy the file again.`);
  if (/\.(csv|tsv|tab)$/i.test(file.name)) return openCsv(file, file.name, stop);
  throw new UnreadableFile(
    `${file.name} is neither a NumPy array nor a Parquet or CSV table. Save the vectors as .npy, .npz, .parquet or .csv.`,
  );
}

async function namesIn(file: File): Promise<string[]> {
  const lines = (await file.text()).replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
