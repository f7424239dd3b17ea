// Sorts what was dropped into what this project can take, and finds the class names that come with it.
// Nothing is read yet but names and sizes.

import type { Dropped, DroppedFile } from "../engine/dropped-files";
import { piecemeal } from "../engine/piecemeal";
import type { ItemKind } from "../core/project";
import { commonFolder, givenFromPath } from "../formats/given-from-path";
import type { ImportProblem } from "../storage/schema";

export interface PlannedFile extends DroppedFile {
  /** Class name from the folder it lies in. */
  readonly given: string | null;
}

export interface ImportPlan {
  /** What the person dropped, in a few words. */
  readonly source: string;
  readonly images: readonly PlannedFile[];
  /** Files that are one text each; they lie in folders that name their classes. */
  readonly documents: readonly PlannedFile[];
  readonly archives: readonly File[];
  readonly tables: readonly { readonly path: string; readonly file: File }[];
  /** Left out before reading, with the reason. */
  readonly problems: readonly ImportProblem[];
}

const tableEnding = /\.(csv|tsv|tab|jsonl|ndjson|json|parquet|xlsx|xlsm|xml)$/i;
const textEnding = /\.(txt|text|ft|train|valid)$/i;
const documentEnding = /\.(txt|text)$/i;
const archiveEnding = /\.zip$/i;
/** Endings that are never an image; anything else is looked at, whatever it is called. */
const otherEnding =
  /\.(txt|text|ft|train|valid|md|html?|ya?ml|pdf|docx?|xls|npy|npz|py|ipynb|gz|tar|7z|rar|mp4|mov|avi|mp3|wav)$/i;

export async function planImport(kind: ItemKind, { files, unopened }: Dropped): Promise<ImportPlan> {
  const problems: ImportProblem[] = unopened.map(({ path, message }) => ({ place: path, message }));
  const shared = await sharedFolder(files);
  const plan = {
    images: [] as PlannedFile[],
    documents: [] as PlannedFile[],
    archives: [] as File[],
    tables: [] as { path: string; file: File }[],
  };
  const roots = new Set<string>();
  await piecemeal(files, ({ path, file, handle }) => {
    roots.add(path.slice(0, Math.max(0, path.indexOf("/"))) || path);
    if (archiveEnding.test(path)) plan.archives.push(file);
    else if (isTable(kind, path)) plan.tables.push({ path, file });
    else if (kind === "text") problems.push({ place: path, message: notText(path) });
    else if (otherEnding.test(path)) problems.push({ place: path, message: notImage(path) });
    else plan.images.push({ path, file, ...(handle && { handle }), given: givenFromPath(path, shared) });
  });
  if (kind === "text" && areDocuments(plan.tables.map(({ path }) => path)))
    for (const { path, file } of plan.tables.splice(0))
      plan.documents.push({ path, file, given: givenFromPath(path, shared) });
  return { ...plan, problems, source: nameSource(files, roots) };
}

/** The longest folder path that all of these are in, as `commonFolder` has it. */
export async function sharedFolder(files: readonly { readonly path: string }[]): Promise<string> {
  let shared: string | null = null;
  await piecemeal(files, ({ path }) => {
    if (shared === null) shared = commonFolder([path]);
    // The folder so far goes in as a file of it.
    else if (shared !== "" && !path.startsWith(`${shared}/`)) shared = commonFolder([`${shared}/`, path]);
  });
  return shared ?? "";
}

/**
 * Whether these text files are one text each and not lists: nothing but .txt, in folders of at least two names. A
 * table beside them holds the texts itself.
 */
export function areDocuments(paths: readonly string[]): boolean {
  if (!paths.every((path) => documentEnding.test(path))) return false;
  const shared = commonFolder(paths);
  const names = new Set(paths.map((path) => givenFromPath(path, shared)));
  names.delete(null);
  return names.size > 1;
}

/** Whether a file may list texts, or for images name their labels. Plain text lists texts only. */
export function isTable(kind: ItemKind, path: string): boolean {
  return tableEnding.test(path) || (kind === "text" && textEnding.test(path));
}

function notText(path: string): string {
  return `${path} is not a table or list of texts that can be read here; it was left out. Save it as CSV, JSONL, Parquet or TXT.`;
}

function notImage(path: string): string {
  if (textEnding.test(path)) return `${path} holds text, and this project is about images; it was left out.`;
  return `${path} is not an image; it was left out.`;
}

function nameSource(files: readonly DroppedFile[], roots: ReadonlySet<string>): string {
  const [first] = files;
  if (!first) return "nothing";
  if (roots.size === 1) return first.path.split("/")[0]!;
  return `${files.length.toLocaleString("en")} files`;
}

/** Class names with how many images each has, most frequent first. */
export function countGiven(names: Iterable<string | null>): { name: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const name of names) if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count);
}

/** The sentence where there is nothing to import. */
export function nothingIn(plan: ImportPlan, problems: readonly ImportProblem[]): string {
  if (problems.length === 0)
    return "There were no files in it. Choose a folder that holds images, or drop the files themselves.";
  const others = problems.length > 1 ? ` (${problems.length - 1} more could not be used either.)` : "";
  return `Nothing in “${plan.source}” can be used here. ${problems[0]!.message}${others}`;
}
