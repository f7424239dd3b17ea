// The wire between page and workers: every call and every value that crosses, as types. Only plain objects
// and typed arrays cross. Any call may reject with an error whose message is a sentence for the person.

import type { ClassId, ProjectId, Row } from "../src/core/ids";
import type { Tier } from "../src/core/kernels/kernels";
import type { VectorAccount } from "../src/core/own-vectors";
import type { TuningInput } from "../src/core/fine-tuning/tuning";
import type { ModelSurvey, PixelInput, PretrainedModel } from "../src/core/pretrained";
import type { ItemKind } from "../src/core/project";
import type { AskedRow, Assessment } from "../src/core/evaluation/assess";
import type { Forecast } from "../src/core/evaluation/forecast";
import type { BaselineFit, BaselineResult } from "../src/core/evaluation/random-baseline";
import type { LookedAround, Surroundings } from "../src/core/monitoring/surroundings";
import type { Remeasured, Yardstick } from "../src/core/evaluation/remeasure";
import type { NearPairs } from "../src/core/near-duplicates";
import type { Question, Refreshed, Round, RoundInput } from "../src/core/round";
import type { ReplayPlan, ReplayReport } from "../src/core/simulation/compare-strategies";
import type { Model } from "../src/core/learning/model";
import type { TfjsArtifacts } from "../src/formats/export";
import type { GivenLabels } from "../src/formats/given-events";
import type { ModelFile } from "../src/formats/models/model-files";
import type { GivenAnswer, Problem, ReadChoice, TablePreview, TextRow } from "../src/formats/reader";
import type { AddedItems } from "../src/storage/item-store";
import type { ImportProblem } from "../src/storage/schema";
import type { ComparedEncoder, ComparisonFault, ComparisonInput } from "./compare-encoders";
import type { ModelChoice, SeenImage } from "./models";
import type { TuningProgress, TuningResult, TuningSurvey } from "./tune-encoder";

export type { ComparedEncoder, ComparisonFault, ComparisonInput, ModelChoice, SeenImage };
export type { TuningProgress, TuningResult, TuningSurvey };

/** Posted by a worker once it serves: it holds this lock for as long as it lives. */
export interface AliveMessage {
  readonly type: "askwell-alive";
  readonly lock: string;
}

/** Every worker can be told to stop what it does now; the call under way rejects with Stopped. */
export interface Stoppable {
  stop(): void;
}

// Importer: several at once, each takes batches.

interface NamedImage {
  readonly path: string;
  readonly given: string | null;
  /** What a table beside the images says of this one. */
  readonly answers?: readonly GivenAnswer[];
}

/** A file that is one item: an image, or in a project of texts a text. */
export type ImageSource =
  /** With a handle the file stays where it is, and its bytes are not copied. */
  | (NamedImage & { readonly file: File; readonly handle?: FileSystemFileHandle })
  | (NamedImage & { readonly archiveId: string; readonly entry: number });

export interface ImageBatch {
  readonly projectId: ProjectId;
  readonly sources: readonly ImageSource[];
  readonly labels: GivenLabels | null;
}

export interface TableJob {
  readonly projectId: ProjectId;
  readonly file: File;
  readonly choice: ReadChoice;
  readonly labels: GivenLabels | null;
}

export interface ImportProgress extends AddedItems {
  readonly problems: readonly ImportProblem[];
}

export interface TableSurvey {
  readonly rows: number;
  /** Different values of the given column with their counts, most frequent first; at most 500. */
  readonly given: readonly { readonly name: string; readonly count: number }[];
  readonly tooMany: boolean;
}

export interface ArchiveListing {
  /** Files only; `entry` is what `importImages` names it by, since two may share a path. */
  readonly entries: readonly { readonly entry: number; readonly path: string; readonly sizeBytes: number }[];
  readonly problems: readonly ImportProblem[];
}

export interface ImporterApi extends Stoppable {
  /** `hasHeader` shows a delimited table the other way round than guessed. */
  previewTable(
    file: File,
    hasHeader?: boolean,
  ): Promise<{ readonly format: string; readonly preview: TablePreview }>;
  surveyTable(file: File, choice: ReadChoice): Promise<TableSurvey>;
  listArchive(file: File): Promise<ArchiveListing>;
  /** Unpacks one file of an archive, to be read as a table. @throws ZipEntryError, UnreadableFile */
  extractEntry(file: File, entry: number): Promise<File>;
  /** Reads a table whole and hands its rows over in batches, for labels of images and items that are here. */
  readRows(
    file: File,
    choice: ReadChoice,
    report: (rows: readonly TextRow[], problems: readonly Problem[]) => void | Promise<void>,
  ): Promise<void>;
  /** Opens the archive in this worker, so that `importImages` can name its entries. */
  openArchive(archiveId: string, file: File): Promise<void>;
  importImages(batch: ImageBatch): Promise<ImportProgress>;
  /** The same for files that are one text each. */
  importDocuments(batch: ImageBatch): Promise<ImportProgress>;
  /** Reports each stored batch with the share of bytes read, and waits until that was heard. */
  importTable(
    job: TableJob,
    report: (progress: ImportProgress & { readonly bytesRead: number }) => void | Promise<void>,
  ): Promise<void>;
}

// Predictor: one, while somebody looks at what a model says of files that are not in the project.

export interface Predicted {
  /** Paths of images; for texts where they stand and how they begin. */
  readonly names: readonly string[];
  /** names.length × classes, row-major. */
  readonly probabilities: Float32Array;
  readonly problems: readonly ImportProblem[];
}

export interface PredictorApi extends Stoppable, Pick<ImporterApi, "previewTable" | "listArchive"> {
  /** Opens the model of a round, and its encoder with it; what is predicted then is by it. */
  open(projectId: ProjectId, round: number): Promise<{ readonly classIds: readonly ClassId[] }>;
  openArchive(archiveId: string, file: File): Promise<void>;
  predictFiles(sources: readonly ImageSource[]): Promise<Predicted>;
  /** Reports each batch with the bytes read so far, and waits until that was heard. */
  predictTable(
    file: File,
    choice: ReadChoice,
    report: (predicted: Predicted & { readonly bytesRead: number }) => void | Promise<void>,
  ): Promise<void>;
  /** The same for a model fitted on vectors computed elsewhere, of the new items' vectors. @throws UnreadableFile */
  predictVectors(
    files: readonly File[],
    report: (predicted: Predicted) => void | Promise<void>,
  ): Promise<void>;
}

/** What the model of a round says of every row with an embedding. */
export interface PoolPrediction {
  /** The likeliest class of each row, as an index into the round's classes. */
  readonly guesses: Uint16Array;
  /** Its probability. */
  readonly confidences: Float32Array;
}

// Embedder: one.

/** `done` of `total` items where encoding, of 100 hundredths of the work where learning. */
export interface EmbeddingProgress {
  readonly step: "learning" | "encoding";
  readonly done: number;
  readonly total: number;
}

export interface Embedded {
  readonly encoderKey: string;
  readonly rows: number;
  readonly dims: number;
  /** Items whose stored bytes could not be decoded any more; they have a row of zeros. */
  readonly unreadable: readonly string[];
  /** Why the encoder does not run on the fastest device; null where there is nothing to say. */
  readonly note: string | null;
}

/** An encoder that comes with the app. */
export interface BuiltInEncoder {
  readonly id: string;
  readonly label: string;
  readonly summary: string;
  /** Whether projects of its kind start with it. */
  readonly isDefault: boolean;
}

export interface EmbedderApi extends Stoppable {
  listBuiltIn(kind: ItemKind): readonly BuiltInEncoder[];
  /** Embeds every item that has no embedding yet; what is stored already is kept. */
  embed(
    projectId: ProjectId,
    encoderId: string | null,
    seed: number,
    report: (progress: EmbeddingProgress) => void,
  ): Promise<Embedded>;
  /** What the picked files of a model say of it. Rejects with UnusableModel's sentence. */
  surveyModel(files: readonly ModelFile[], kind: ItemKind): Promise<ModelSurvey>;
  /** An item as a model with this input would see it; null where it cannot be decoded. */
  previewModel(projectId: ProjectId, row: Row, input: PixelInput): Promise<SeenImage | null>;
  /** In the order asked for. @param report is told after each how many of how many are done. */
  compareEncoders(
    projectId: ProjectId,
    input: ComparisonInput,
    report: (done: number, total: number) => void,
  ): Promise<readonly (ComparedEncoder | ComparisonFault)[]>;
  /** Tries the model and keeps its files in this browser. */
  addModel(files: readonly ModelFile[], kind: ItemKind, choice: ModelChoice): Promise<PretrainedModel>;
  surveyTuning(modelId: string): Promise<TuningSurvey>;
  /** Trains a model's last block on the labelled items; what comes of it is kept where it is better. */
  tune(
    projectId: ProjectId,
    input: TuningInput,
    report: (progress: TuningProgress) => void,
  ): Promise<TuningResult>;
  /** A head behind a model that is kept here, as one. Rejects with UnusableModel's sentence. */
  joinTfjs(modelId: string, head: Model): Promise<TfjsArtifacts & { readonly encoder: PretrainedModel }>;
  /** Keeps vectors computed elsewhere as embeddings that the project can be told to use. */
  importVectors(
    projectId: ProjectId,
    files: readonly File[],
    report: (progress: EmbeddingProgress) => void,
  ): Promise<VectorAccount>;
}

// Learner: one.

export interface ComputeReport {
  readonly tier: Tier;
  /** What the browser says of the graphics adapter, or null where it is not used. */
  readonly adapter: string | null;
  /** Why faster tiers are not used, and what failed and was started again, a sentence each, oldest first. */
  readonly notes: readonly string[];
  /** What the self-check at the start found, as a sentence. */
  readonly check: string;
  /** `recovering` while a failed tier is replaced; whatever runs goes on by itself afterwards. */
  readonly state: "ready" | "recovering";
}

/** What kernels cost on this machine, beside what copying memory costs it. */
export interface Measurement {
  readonly tier: Tier;
  readonly adapter: string | null;
  readonly rows: number;
  readonly dims: number;
  /** Bytes read and written per second by a plain copy, in the same memory. */
  readonly copyBytesPerSecond: number;
  readonly kernels: readonly {
    readonly name: string;
    readonly ms: number;
    /** What it must read and write at least. */
    readonly bytes: number;
  }[];
}

export interface MeasuredCurve {
  /** Oldest first. */
  readonly curve: readonly Remeasured[];
  /** What more labels would buy; null where the curve is too short or the hold-out too small. */
  readonly forecast: Forecast | null;
}

export interface LearnerApi extends Stoppable {
  /**
   * Starts the arithmetic on the best tier that works, or on the one asked for if it works.
   * @param fastest tiers faster than this are ruled out.
   * @param changed hears of every change from then on: a tier that failed, and what took its place.
   */
  start(
    preferred: Tier | "auto",
    fastest: Tier,
    changed: (report: ComputeReport) => void,
  ): Promise<ComputeReport>;
  /** Loads the project's embeddings, of a very large pool those that core/working-pool draws with this seed. */
  load(
    projectId: ProjectId,
    encoderKey: string,
    seed: number,
  ): Promise<{ readonly rows: number; readonly dims: number }>;
  /** Begun anew by itself when the arithmetic fails under it. */
  round(input: RoundInput): Promise<Round>;
  /** The same between two rounds, for the queue alone: quicker, and nothing of it is kept. */
  refresh(input: RoundInput, fit: "full" | "update"): Promise<Refreshed>;
  /**
   * Chooses the questions of the last turn once more, with more thought; null where there is nothing to gain.
   * Needs a `round` or a `refresh` before it.
   */
  deepen(): Promise<readonly Question[] | null>;
  /** Times a few kernels on generated embeddings; takes seconds. */
  measure(): Promise<Measurement>;
  /** What the model of that round says of all embeddings, also those beyond what is loaded. */
  predict(round: number): Promise<PoolPrediction>;
  /** Pairs of items of the loaded embeddings that are at least `floor` alike. */
  nearPairs(floor: number): Promise<NearPairs>;
  /** The heads of earlier rounds on the hold-out of today; rounds without a head are left out. */
  remeasure(numbers: readonly number[], yardstick: Yardstick, seed: number): Promise<MeasuredCurve>;
  /** A close look at the model of a round; null where it is of other classes or embeddings than today's. */
  assess(number: number, input: RoundInput, asked: readonly AskedRow[]): Promise<Assessment | null>;
  /** One fit of the random baseline. */
  fitBaseline(fit: BaselineFit, input: RoundInput): Promise<BaselineResult>;
  lookAround(around: LookedAround): Promise<Surroundings>;
  /** The part of `lookAround` about the last import: whether rows from `laterFrom` on are of another kind. */
  drift(laterFrom: number, seed: number): Promise<Surroundings["drift"]>;
  /** Replays known labels with several strategies; `report` hears of rounds done and about how many in all. */
  replay(plan: ReplayPlan, report: (done: number, total: number) => void): Promise<ReplayReport>;
}
