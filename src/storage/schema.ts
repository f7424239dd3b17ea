// The one source of truth for what lies in IndexedDB: stores, keys, indexes and the shape of each record.

import type { DBSchema } from "idb";
import type { LabelEvent } from "../core/event";
import type { NeighbourGraph } from "../core/graph/graph";
import type { EventId, ItemId, ProjectId, Row } from "../core/ids";
import type { Item } from "../core/item";
import type { Model, NearestModel } from "../core/learning/model";
import type { TermRows } from "../core/learning/terms";
import type { PretrainedModel } from "../core/pretrained";
import type { Project } from "../core/project";
import type { LinkedFile } from "./linked-files";
import type { Round } from "../core/round";

/** Bytes are kept as ArrayBuffers, never as Blobs: Safari loses Blobs, and they are several times slower. */
export interface Content {
  readonly projectId: ProjectId;
  readonly itemId: ItemId;
  /** The file as it was; UTF-8 for texts. */
  readonly bytes: ArrayBuffer;
}

/** What lies in the place of the bytes: themselves, or where the person keeps the file. */
export type StoredContent =
  Content | (Pick<Content, "projectId" | "itemId"> & { readonly bytes?: never; readonly file: LinkedFile });

/** A smaller picture of an image; items whose own bytes are small enough have none. */
export interface Thumbnail {
  readonly projectId: ProjectId;
  readonly itemId: ItemId;
  readonly type: string;
  readonly bytes: ArrayBuffer;
}

/**
 * Which items lie at the rows from `firstRow` on, so that a project opens without reading every item. Written
 * with the items; rows without one are read from the items themselves.
 */
export interface ItemHashes {
  readonly projectId: ProjectId;
  readonly firstRow: Row;
  /** 32 bytes an item, as core/item-index packs them. */
  readonly hashes: ArrayBuffer;
}

/** Rows firstRow … firstRow + rows − 1 of one encoder's embeddings. */
export interface EmbeddingChunk {
  readonly projectId: ProjectId;
  readonly encoderKey: string;
  readonly firstRow: Row;
  readonly rows: number;
  readonly dims: number;
  /** rows × dims float32, row-major. */
  readonly values: ArrayBuffer;
  /** Of the same rows, where the encoder counts terms; the first versions did not. */
  readonly terms?: TermRows;
}

/** What an encoder learnt from this project's items. The key names encoder, version and how often it learnt. */
export interface LearntEncoder {
  readonly projectId: ProjectId;
  readonly encoderKey: string;
  readonly encoderId: string;
  /** Items in the project when it learnt. */
  readonly learntFrom: number;
  readonly state: unknown;
}

/** What the learning curve needs of a round, without its weights and questions. */
export type RoundSummary = Omit<Round, "model" | "questions"> & {
  readonly projectId: ProjectId;
  readonly encoderKey: string;
  readonly at: number;
  /** Items that had an embedding when it ran. */
  readonly poolRows: number;
  /** Whether its detail holds a model. */
  readonly hasHead: boolean;
};

/** A model without what the stored embeddings hold already. */
export type BareModel = Omit<NearestModel, "features"> & { readonly features?: never };

/** Whole where it needs nothing more, or where a bundle brought it so. */
export type StoredModel = Model | BareModel;

/** The heavy rest of a round. */
export type RoundDetail = Pick<Round, "number" | "model" | "questions"> & {
  readonly projectId: ProjectId;
  /**
   * What looks between the round before and this one asked and was answered, as it was asked; rounds stored by the
   * first versions have none.
   */
  readonly asked?: Round["questions"];
};

export type StoredRoundDetail = Omit<RoundDetail, "model"> & { readonly model: StoredModel | null };

export interface ImportProblem {
  /** File, row or entry it is about. */
  readonly place: string;
  /** A sentence. */
  readonly message: string;
  /** Good to know only: nothing was left out over it. */
  readonly note?: true;
}

/** What one import did, kept so that its list of problems outlives the tab. */
export interface ImportRecord {
  readonly id: EventId;
  readonly projectId: ProjectId;
  readonly at: number;
  /** Folder, archive or file the person gave. */
  readonly source: string;
  readonly added: number;
  readonly duplicates: number;
  readonly labels: number;
  /** At most `importProblemLimit`; `problemCount` says how many there were. */
  readonly problems: readonly ImportProblem[];
  readonly problemCount: number;
  /** How many of those are notes, over which nothing was left out. */
  readonly noteCount?: number;
  /** False while it runs and if it was cut short. */
  readonly finished: boolean;
  /** How far it has come, written every second or so; absent in records of older pages. */
  readonly progress?: { readonly done: number; readonly total: number; readonly unit: "items" | "bytes" };
  /** The folder it came from, where the browser remembers folders and the person picked one that way. */
  readonly folder?: FileSystemDirectoryHandle;
  /** Its files were left where they are: items read their bytes from there. */
  readonly inPlace?: true;
  /** The person ended it, or does not want to go on with it. */
  readonly abandoned?: boolean;
}

/** A piece of a pretrained model's file; pieces of one file count from 0. */
export interface ModelPiece {
  readonly modelId: string;
  readonly path: string;
  readonly piece: number;
  readonly bytes: ArrayBuffer;
}

/** The neighbour graph of one encoder's embeddings. */
export interface StoredGraph {
  readonly projectId: ProjectId;
  readonly encoderKey: string;
  /** Tells which embeddings it was made of. */
  readonly madeOf: string;
  readonly graph: NeighbourGraph;
}

export interface AskwellSchema extends DBSchema {
  projects: { key: ProjectId; value: Project };
  items: { key: [ProjectId, Row]; value: Item; indexes: { byHash: [ProjectId, ItemId] } };
  itemHashes: { key: [ProjectId, Row]; value: ItemHashes };
  contents: { key: [ProjectId, ItemId]; value: StoredContent };
  thumbnails: { key: [ProjectId, ItemId]; value: Thumbnail };
  events: { key: EventId; value: LabelEvent; indexes: { byProject: [ProjectId, EventId] } };
  embeddings: { key: [ProjectId, string, Row]; value: EmbeddingChunk };
  encoders: { key: [ProjectId, string]; value: LearntEncoder };
  graphs: { key: [ProjectId, string]; value: StoredGraph };
  rounds: { key: [ProjectId, number]; value: RoundSummary };
  roundDetails: { key: [ProjectId, number]; value: StoredRoundDetail };
  imports: { key: [ProjectId, EventId]; value: ImportRecord };
  /** Pretrained encoders belong to this browser profile, not to a project. */
  models: { key: string; value: PretrainedModel };
  modelPieces: { key: [string, string, number]; value: ModelPiece };
  /** Preferences of this browser profile: theme, annotator, tier. */
  settings: { key: string; value: unknown };
}
