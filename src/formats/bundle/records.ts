// The records of a bundle, looked at before anything is stored. What is known is checked; fields a later Askwell
// added to the same version travel along untouched.

import type { Answer, LabelEvent, Shown, Stage } from "../../core/event";
import type { ClassId, EventId, ItemId, ProjectId, Row } from "../../core/ids";
import type { Item } from "../../core/item";
import type { TermRows } from "../../core/learning/terms";
import { defaultSettings, type LabelClass, type Project, type ProjectSettings } from "../../core/project";
import type { Round } from "../../core/round";
import { BundleDamaged, BundleRefused } from "./damaged";
import { readPlan } from "./plan";
import {
  fieldsOf,
  finite,
  flag,
  integer,
  list,
  moment,
  numbers,
  oneOf,
  pattern,
  text,
  texts,
  type Fields,
} from "./fields";

const hash = /^[0-9a-f]{64}$/;
const color = /^#[0-9a-f]{6}$/i;
const mime = /^(text\/plain|image\/(?!svg)[a-z0-9.+-]{1,60})$/;

/** An item as it lies in the bundle: its row is its place. */
export type BundledItem = Omit<Item, "projectId" | "row" | "text"> & {
  /** The text itself; null for images, whose bytes lie in a part of their own, and where it is lost. */
  readonly text: string | null;
  /** MIME type of the thumbnail, null where there is none. */
  readonly thumbnail: string | null;
};

/** What the curve needs of a round. The rest is whatever the round kept: it is not looked into here. */
export type BundledRound = Omit<Round, "model" | "questions"> & {
  readonly encoderKey: string;
  readonly at: number;
  readonly poolRows: number;
  readonly hasHead: boolean;
};

export type BundledDetail = Pick<Round, "model" | "questions"> & { readonly asked?: Round["questions"] };

export interface BundledEncoder {
  readonly encoderKey: string;
  readonly encoderId: string;
  readonly learntFrom: number;
  readonly state: unknown;
}

export interface BundledChunk {
  readonly encoderKey: string;
  readonly firstRow: Row;
  readonly rows: number;
  readonly dims: number;
  /** rows × dims, row-major. */
  readonly values: Float32Array<ArrayBuffer>;
  readonly terms?: TermRows;
}

export function readProject(value: unknown, path: string): Project {
  const all = fieldsOf(value, path);
  return {
    ...all,
    id: text(all, "id", path, 200) as ProjectId,
    name: text(all, "name", path),
    kind: oneOf(all, "kind", ["image", "text"], path),
    answerMode: oneOf(all, "answerMode", ["single", "multiple"], path),
    classes: list(all, "classes", path).map((one) => readClass(fieldsOf(one, path), path)),
    guidelines: text(all, "guidelines", path),
    settings: readSettings(fieldsOf(all["settings"], path), path),
    ...(all["plan"] !== undefined && { plan: readPlan(fieldsOf(all["plan"], path), path) }),
    createdAt: moment(all, "createdAt", path),
    changedAt: moment(all, "changedAt", path),
  };
}

function readClass(all: Fields, path: string): LabelClass {
  return {
    ...all,
    id: text(all, "id", path, 200) as ClassId,
    name: text(all, "name", path),
    color: pattern(all, "color", color, path),
    key: text(all, "key", path, 20),
    definition: text(all, "definition", path),
    removed: flag(all, "removed", path),
  };
}

/** Settings this page knows and the bundle does not say are the usual ones. */
function readSettings(all: Fields, path: string): ProjectSettings {
  const settings: Fields = { ...defaultSettings, ...all };
  for (const key of Object.keys(defaultSettings)) {
    const usual = defaultSettings[key as keyof typeof defaultSettings];
    if (typeof usual === "number") finite(settings, key, path);
    else if (typeof usual === "string") text(settings, key, path, 200);
  }
  if (settings["refitEvery"] !== null) integer(settings, "refitEvery", path, 1);
  integer(settings, "batchSize", path, 1);
  integer(settings, "seed", path);
  return settings as unknown as ProjectSettings;
}

export function readItem(value: unknown, path: string): BundledItem {
  const all = fieldsOf(value, path);
  return {
    ...all,
    itemId: pattern(all, "itemId", hash, path) as ItemId,
    kind: oneOf(all, "kind", ["image", "text"], path),
    name: text(all, "name", path),
    path: text(all, "path", path),
    sizeBytes: integer(all, "sizeBytes", path),
    type: pattern(all, "type", mime, path),
    width: integer(all, "width", path),
    height: integer(all, "height", path),
    given: all["given"] === null ? null : text(all, "given", path),
    addedAt: moment(all, "addedAt", path),
    // Past any limit on texts at import; a longer one would not have come in.
    text: all["text"] === null ? null : text(all, "text", path, 4_000_000),
    thumbnail: all["thumbnail"] === null ? null : pattern(all, "thumbnail", mime, path),
  };
}

export function readEvent(value: unknown, path: string): LabelEvent {
  const all = fieldsOf(value, path);
  const base = {
    ...all,
    id: pattern(all, "id", /^[0-9A-Z]{1,40}$/, path) as EventId,
    projectId: text(all, "projectId", path, 200) as ProjectId,
    at: moment(all, "at", path),
    annotator: text(all, "annotator", path),
    step: text(all, "step", path, 40) as EventId,
  };
  const type = oneOf(all, "type", ["answer", "undo", "redo"], path);
  if (type !== "answer") return { ...base, type };
  return {
    ...base,
    type,
    itemId: pattern(all, "itemId", hash, path) as ItemId,
    answer: readAnswer(fieldsOf(all["answer"], path), path),
    slice: oneOf(all, "slice", ["train", "hold-out"], path),
    origin: oneOf(all, "origin", ["person", "import", "model"], path),
    shown: all["shown"] === null ? null : readShown(fieldsOf(all["shown"], path), path),
    tookMs: finite(all, "tookMs", path),
    ...(all["importedBy"] !== undefined && { importedBy: text(all, "importedBy", path) }),
    ...(all["settles"] !== undefined && { settles: texts(all, "settles", path) as EventId[] }),
  };
}

function readAnswer(all: Fields, path: string): Answer {
  const type = oneOf(all, "type", ["classes", "skip", "unsure"], path);
  return type === "classes" ? { type, classIds: texts(all, "classIds", path) as ClassId[] } : { type };
}

function readShown(all: Fields, path: string): Shown {
  return {
    ...all,
    round: integer(all, "round", path),
    strategyId: text(all, "strategyId", path, 200),
    source: text(all, "source", path, 40) as Shown["source"],
    ...(all["stage"] !== undefined && { stage: text(all, "stage", path, 40) as Stage }),
    guess: all["guess"] === null ? null : (text(all, "guess", path, 200) as ClassId),
    confidence: all["confidence"] === null ? null : finite(all, "confidence", path),
  };
}

export function readRound(value: unknown, path: string): BundledRound {
  const all = fieldsOf(value, path);
  integer(all, "number", path, 1);
  texts(all, "classIds", path);
  for (const key of ["trainCount", "holdOutCount", "poolRows"]) integer(all, key, path);
  moment(all, "at", path);
  for (const key of ["strategyId", "headId", "encoderKey"]) text(all, key, path, 400);
  flag(all, "hasHead", path);
  oneOf(all, "tier", ["webgpu", "wasm", "cpu"], path);
  const cost = fieldsOf(all["cost"], path);
  for (const key of ["fitMs", "scoreMs", "selectMs"]) finite(cost, key, path);
  if (all["poolUncertainty"] !== null) finite(all, "poolUncertainty", path);
  if (all["agreement"] != null)
    for (const key of ["labels", "rows", "changed", "kappa"])
      finite(fieldsOf(all["agreement"], path), key, path);
  if (all["opinion"] != null)
    for (const key of ["confidences", "predicted"]) list(fieldsOf(all["opinion"], path), key, path);
  if (all["terms"] != null)
    for (const key of ["tested", "rightWithout", "rightWith"])
      finite(fieldsOf(all["terms"], path), key, path);
  if (all["evaluation"] !== null) {
    const evaluation = fieldsOf(all["evaluation"], path);
    for (const key of ["value", "low", "high", "count"])
      finite(fieldsOf(evaluation["accuracy"], path), key, path);
  }
  return all as unknown as BundledRound;
}

export function readDetail(value: unknown, path: string): BundledDetail {
  const all = fieldsOf(value, path);
  const asked = all["asked"] === undefined ? [] : list(all, "asked", path);
  for (const one of [...list(all, "questions", path), ...asked]) {
    const question = fieldsOf(one, path);
    integer(question, "row", path);
    text(question, "source", path, 40);
    text(question, "reason", path);
    list(question, "probabilities", path);
    for (const one of question["nearest"] === undefined ? [] : list(question, "nearest", path)) {
      const neighbour = fieldsOf(one, path);
      integer(neighbour, "row", path);
      finite(neighbour, "similarity", path);
    }
  }
  if (all["model"] !== null) readModel(fieldsOf(all["model"], path), path);
  return all as unknown as BundledDetail;
}

/** Its numbers must be as many as its sizes say, else the arithmetic over them would read past their ends. */
function readModel(all: Fields, path: string): void {
  oneOf(all, "activation", ["softmax", "sigmoid"], path);
  const kind = text(all, "kind", path, 40);
  if (kind === "linear") readLayer(fieldsOf(all["layer"], path), path);
  else if (kind === "mlp") {
    const hidden = readLayer(fieldsOf(all["hidden"], path), path);
    const output = readLayer(fieldsOf(all["output"], path), path);
    if (hidden.classes !== output.dims)
      throw new BundleDamaged(path, "holds layers that do not fit together");
  } else if (kind === "k-nearest") {
    const rows = numbers(all, "places", Uint32Array, path).length;
    const [dims, classes] = [integer(all, "dims", path, 1), integer(all, "classes", path, 1)];
    integer(all, "k", path, 1);
    finite(all, "temperature", path);
    numbers(all, "features", Float32Array, path, rows * dims);
    numbers(all, "targets", Uint8Array, path, rows * classes);
  } else if (kind === "with-terms") {
    const base = fieldsOf(all["base"], path);
    oneOf(base, "kind", ["linear", "mlp"], path);
    readModel(base, path);
    finite(all, "baseShare", path);
    readTermLayer(fieldsOf(all["terms"], path), path);
  } else
    throw new BundleRefused(
      `The bundle holds a model of a kind that this Askwell does not know (“${kind}”): a newer one wrote it. Nothing was changed. Reload this page to get the newer Askwell, then open the bundle again.`,
    );
}

function readTermLayer(all: Fields, path: string): void {
  const [columns, classes] = [integer(all, "columns", path, 0), integer(all, "classes", path, 1)];
  const known = numbers(all, "known", Uint16Array, path);
  numbers(all, "weights", Float32Array, path, known.length * classes);
  numbers(all, "bias", Float32Array, path, classes);
  if (known.some((column) => column >= columns))
    throw new BundleDamaged(path, "weighs terms that are not there");
}

function readLayer(all: Fields, path: string): { readonly dims: number; readonly classes: number } {
  const [dims, classes] = [integer(all, "dims", path, 1), integer(all, "classes", path, 1)];
  numbers(all, "weights", Float32Array, path, dims * classes);
  numbers(all, "bias", Float32Array, path, classes);
  return { dims, classes };
}

export function readEncoder(value: unknown, path: string): BundledEncoder {
  const all = fieldsOf(value, path);
  return {
    encoderKey: text(all, "encoderKey", path, 400),
    encoderId: text(all, "encoderId", path, 200),
    learntFrom: integer(all, "learntFrom", path),
    state: fieldsOf(all["state"], path),
  };
}

export function readChunk(value: unknown, path: string): BundledChunk {
  const all = fieldsOf(value, path);
  const rows = integer(all, "rows", path, 1);
  const dims = integer(all, "dims", path, 1);
  return {
    encoderKey: text(all, "encoderKey", path, 400),
    firstRow: integer(all, "firstRow", path),
    rows,
    dims,
    values: numbers(all, "values", Float32Array, path, rows * dims),
    ...(all["terms"] !== undefined && { terms: readTerms(fieldsOf(all["terms"], path), rows, path) }),
  };
}

/** Its offsets must rise and its terms be known, else the arithmetic over them would read past their ends. */
function readTerms(all: Fields, rows: number, path: string): TermRows {
  const columns = integer(all, "columns", path, 0);
  const offsets = numbers(all, "offsets", Uint32Array, path, rows + 1);
  const indices = numbers(all, "indices", Uint16Array, path, offsets[rows]!);
  const values = numbers(all, "values", Float32Array, path, indices.length);
  const rises = offsets.every((offset, at) => offset >= (at === 0 ? 0 : offsets[at - 1]!));
  if (integer(all, "rows", path) !== rows || !rises || indices.some((column) => column >= columns))
    throw new BundleDamaged(path, "holds terms that do not fit together");
  return { rows, columns, offsets, indices, values };
}
