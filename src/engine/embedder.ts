// The page's door to the embedder worker.

import type { Embedded, EmbedderApi, EmbeddingProgress } from "../../workers/api";
import type { ProjectId } from "../core/ids";
import { openWorker } from "./worker-handle";

export interface Embedder {
  embed(
    projectId: ProjectId,
    seed: number,
    report: (progress: EmbeddingProgress) => void,
    signal: AbortSignal,
  ): Promise<Embedded>;
  close(): void;
}

export function openEmbedder(): Embedder {
  const worker = openWorker<EmbedderApi>(
    "embedder",
    () => new Worker(new URL("../../workers/embedder.worker.ts", import.meta.url), { type: "module" }),
  );
  return {
    embed: (projectId, seed, report, signal) => worker.call(signal, "embed", projectId, null, seed, report),
    close: () => worker.close(),
  };
}
