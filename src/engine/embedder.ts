// The page's door to the embedder worker.

import type { Model } from "../core/learning/model";
import type {
  BuiltInEncoder,
  ComparedEncoder,
  ComparisonFault,
  ComparisonInput,
  Embedded,
  EmbedderApi,
  EmbeddingProgress,
  ModelChoice,
  SeenImage,
  TuningProgress,
  TuningResult,
  TuningSurvey,
} from "../../workers/api";
import type { TuningInput } from "../core/fine-tuning/tuning";
import type { ProjectId, Row } from "../core/ids";
import type { VectorAccount } from "../core/own-vectors";
import type { ModelSurvey, PixelInput, PretrainedModel } from "../core/pretrained";
import type { ItemKind } from "../core/project";
import type { ModelFile } from "../formats/models/model-files";
import { openWorker } from "./worker-handle";

export interface Embedder {
  /** @param encoderId null for the kind's own. */
  embed(
    projectId: ProjectId,
    encoderId: string | null,
    seed: number,
    report: (progress: EmbeddingProgress) => void,
    signal: AbortSignal,
  ): Promise<Embedded>;
  listBuiltIn(kind: ItemKind): Promise<readonly BuiltInEncoder[]>;
  surveyModel(files: readonly ModelFile[], kind: ItemKind): Promise<ModelSurvey>;
  previewModel(projectId: ProjectId, row: Row, input: PixelInput): Promise<SeenImage | null>;
  /** A head behind a model that is kept here, as one. */
  joinTfjs(modelId: string, head: Model): ReturnType<EmbedderApi["joinTfjs"]>;
  addModel(files: readonly ModelFile[], kind: ItemKind, choice: ModelChoice): Promise<PretrainedModel>;
  compareEncoders(
    projectId: ProjectId,
    input: ComparisonInput,
    report: (done: number, total: number) => void,
    signal: AbortSignal,
  ): Promise<readonly (ComparedEncoder | ComparisonFault)[]>;
  importVectors(
    projectId: ProjectId,
    files: readonly File[],
    report: (progress: EmbeddingProgress) => void,
    signal: AbortSignal,
  ): Promise<VectorAccount>;
  surveyTuning(modelId: string): Promise<TuningSurvey>;
  tune(
    projectId: ProjectId,
    input: TuningInput,
    report: (progress: TuningProgress) => void,
    signal: AbortSignal,
  ): Promise<TuningResult>;
  /** Ends the worker and gives its memory back; a later call starts a new one. */
  close(): void;
}

export function openEmbedder(): Embedder {
  const worker = openWorker<EmbedderApi>(
    "embedder",
    () => new Worker(new URL("../../workers/embedder.worker.ts", import.meta.url), { type: "module" }),
  );
  return {
    embed: (projectId, encoderId, seed, report, signal) =>
      worker.call(signal, "embed", projectId, encoderId, seed, report),
    listBuiltIn: (kind) => worker.call(null, "listBuiltIn", kind),
    surveyModel: (files, kind) => worker.call(null, "surveyModel", files, kind),
    previewModel: (projectId, row, input) => worker.call(null, "previewModel", projectId, row, input),
    joinTfjs: (modelId, head) => worker.call(null, "joinTfjs", modelId, head),
    addModel: (files, kind, choice) => worker.call(null, "addModel", files, kind, choice),
    compareEncoders: (projectId, input, report, signal) =>
      worker.call(signal, "compareEncoders", projectId, input, report),
    importVectors: (projectId, files, report, signal) =>
      worker.call(signal, "importVectors", projectId, files, report),
    surveyTuning: (modelId) => worker.call(null, "surveyTuning", modelId),
    tune: (projectId, input, report, signal) => worker.call(signal, "tune", projectId, input, report),
    close: () => worker.close(),
  };
}
