// Looks into what was given without storing any of it: what lies in the archives, which files are tables, which
// labels they name. What it finds is what the person reviews.

import type { ArchiveListing, ImageSource } from "../../workers/api";
import type { ItemKind } from "../core/project";
import type { Importer } from "../engine/importer";
import { piecemeal } from "../engine/piecemeal";
import { splitClasses } from "../formats/class-list";
import { givenFromPath } from "../formats/given-from-path";
import { sliceFromPath } from "../formats/provenance";
import type { TablePreview } from "../formats/reader";
import type { ImportProblem } from "../storage/schema";
import { areDocuments, countGiven, isTable, nothingIn, sharedFolder, type ImportPlan } from "./import-plan";
import { findLabelTables, matchLabels, type LabelTable, type Named } from "./label-tables";
import { sentenceOf } from "./problem";
import type { StoredPaths } from "./stored-labels";

export interface GivenName {
  readonly name: string;
  readonly count: number;
}

export interface TableReview {
  readonly file: File;
  readonly format: string;
  readonly preview: TablePreview;
  /** Others of the same columns, which are read along. */
  readonly more: readonly File[];
}

/** Tables that name the labels of images, and what came of them. */
export interface LabelReview {
  readonly tables: readonly LabelTable[];
  readonly rows: number;
  /** By place among the sources, or among the items in the project where no images were given. */
  readonly labels: ReadonlyMap<number, Named>;
  /** The items of the project, where the tables came without images. */
  readonly stored: StoredPaths | null;
}

/** What the person is asked before anything is read. */
export interface Review {
  readonly plan: ImportPlan;
  readonly sources: readonly ImageSource[];
  readonly archives: ReadonlyMap<string, File>;
  readonly table: TableReview | null;
  readonly labelling: LabelReview | null;
  /** Class names that came along; for tables those of the chosen column, once it was surveyed. */
  readonly given: readonly GivenName[];
}

interface Found {
  readonly sources: ImageSource[];
  readonly tables: { readonly path: string; readonly file: File }[];
  readonly archives: Map<string, File>;
  readonly problems: ImportProblem[];
}

/** @throws Error where nothing of what was given can be used. */
export async function prepareReview(
  kind: ItemKind,
  plan: ImportPlan,
  importer: Importer,
  stored: () => Promise<StoredPaths>,
  signal: AbortSignal,
): Promise<Review> {
  const found = await lookInto(kind, plan, importer);
  const { archives, problems } = found;
  if (kind === "text") {
    const table = await tableReview(found, importer);
    if (!table && found.sources.length === 0) throw new Error(nothingIn(plan, problems));
    // A table holds the texts that lie beside it in files of their own.
    const sources = table ? [] : found.sources;
    const given = countGiven(sources.map((source) => source.given));
    return { plan: { ...plan, problems }, sources, archives, table, labelling: null, given };
  }
  const named = await findLabelTables(found.tables, importer);
  problems.push(...named.problems);
  const base = { plan: { ...plan, problems }, archives, table: null, labelling: null, given: [] };
  const review = await labelled({ ...base, sources: found.sources }, named.tables, importer, stored, signal);
  if (review.sources.length === 0 && !review.labelling) throw new Error(nothingIn(plan, problems));
  return review;
}

/** The review with these tables read anew: the person chose another column. */
export async function relabelled(
  review: Review,
  tables: readonly LabelTable[],
  importer: Importer,
  signal: AbortSignal,
): Promise<Review> {
  const kept = review.plan.problems.filter(({ place }) => !tables.some(({ path }) => path === place));
  const stored = review.labelling?.stored ?? null;
  const plan = { ...review.plan, problems: kept };
  return labelled({ ...review, plan }, tables, importer, async () => stored!, signal);
}

async function labelled(
  review: Review,
  tables: readonly LabelTable[],
  importer: Importer,
  storedPaths: () => Promise<StoredPaths>,
  signal: AbortSignal,
): Promise<Review> {
  if (tables.length === 0) {
    const names = countGiven(review.sources.map(({ given }) => given));
    return { ...review, given: names.length > 1 ? names : [] };
  }
  const stored = review.sources.length === 0 ? await storedPaths() : null;
  const paths = stored?.paths ?? review.sources.map(({ path }) => path);
  const { labels, rows, problems } = await matchLabels(tables, paths, importer, signal);
  // Once a table speaks, folders say nothing: `data/` and `images/` are no classes.
  const sources =
    labels.size === 0
      ? review.sources
      : review.sources.map(({ given: _given, answers: _answers, ...source }, place) => ({
          ...source,
          ...(labels.get(place) ?? { given: null }),
        }));
  const names = [...(labels.size > 0 ? labels.values() : sources)].flatMap(({ given, answers = [] }) => [
    ...(given === null ? [] : labels.size > 0 ? splitClasses(given) : [given]),
    ...answers.slice(0, -1).flatMap(({ classes }) => classes),
  ]);
  return {
    ...review,
    sources,
    plan: { ...review.plan, problems: [...review.plan.problems, ...problems] },
    labelling: { tables, rows, labels, stored },
    given: countGiven(names),
  };
}

/** Files beside each other and in archives alike, sorted into those that are an item each and tables. */
async function lookInto(kind: ItemKind, plan: ImportPlan, importer: Importer): Promise<Found> {
  const files = [...plan.images, ...plan.documents];
  const shared = await sharedFolder(files);
  const found: Found = {
    sources: [],
    tables: [...plan.tables],
    archives: new Map(),
    problems: [...plan.problems],
  };
  await piecemeal(files, ({ path, file, handle, given }) => {
    const named = namedByFolder(path, given, shared);
    found.sources.push({ path, file, ...(handle && { handle }), ...named });
  });
  for (const [place, file] of plan.archives.entries()) {
    const listing = await listed(file, importer);
    found.problems.push(...listing.problems);
    const archiveId = `${place} ${file.name}`;
    const within = await sharedFolder(listing.entries);
    // Texts one a file, beside a table that holds them all, would be texts twice.
    const anyTable = listing.entries.some(({ path }) => isTable("image", path));
    const texts = listing.entries.map(({ path }) => path).filter((path) => isTable("text", path));
    const documents = kind === "text" && areDocuments(texts);
    await piecemeal(listing.entries, ({ entry, path }) => {
      const whole = `${file.name}/${path}`;
      if (!documents && isTable(anyTable ? "image" : kind, path))
        return extract(file, entry, whole, importer, found);
      if (kind === "text" && !(documents && isTable(kind, path))) return undefined;
      found.archives.set(archiveId, file);
      const named = namedByFolder(path, givenFromPath(path, within), within);
      found.sources.push({ path: whole, ...named, archiveId, entry });
      return undefined;
    });
  }
  return found;
}

async function extract(
  archive: File,
  entry: number,
  path: string,
  importer: Importer,
  found: Found,
): Promise<void> {
  try {
    found.tables.push({ path, file: await importer.extractEntry(archive, entry) });
  } catch (error) {
    found.problems.push({ place: path, message: sentenceOf(error) });
  }
}

/** The folder's class, and the split it lies in where that is said: `train/cat/1.jpg`. */
function namedByFolder(path: string, given: string | null, shared: string): Named {
  const inner = shared !== "" && path.startsWith(`${shared}/`) ? path.slice(shared.length + 1) : path;
  const slice = sliceFromPath(inner);
  if (given === null || slice === null) return { given };
  return {
    given,
    answers: [{ type: "classes", classes: [given], annotator: null, at: null, slice, origin: "import" }],
  };
}

/** The first table, and those of the same columns; the others wait, because they ask other questions. */
async function tableReview({ tables, problems }: Found, importer: Importer): Promise<TableReview | null> {
  const [first, ...rest] = tables;
  if (!first) return null;
  const looked = await importer.previewTable(first.file);
  const more: File[] = [];
  for (const { path, file } of rest) {
    const same = await importer.previewTable(file).then(
      ({ format, preview }) =>
        format === looked.format && preview.columns.join("\0") === looked.preview.columns.join("\0"),
      () => false,
    );
    if (same) more.push(file);
    else
      problems.push({
        place: path,
        message: `${path} was left for later: its columns are not those of ${first.path}. Drop it again.`,
      });
  }
  return { file: first.file, ...looked, more };
}

/** An archive that cannot be opened is a problem of its own; what was given beside it goes in. */
async function listed(file: File, importer: Importer): Promise<ArchiveListing> {
  try {
    return await importer.listArchive(file);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "UnreadableFile") throw error;
    const message = `${file.name} could not be opened. ${error.message}`;
    return { entries: [], problems: [{ place: file.name, message }] };
  }
}
