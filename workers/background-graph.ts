// Makes the neighbour graph of a pool beside the rounds, once, for the heads that need it.

import { buildNeighbourGraph, type NeighbourGraph } from "../src/core/graph/graph";
import type { Kernels, ResidentMatrix } from "../src/core/kernels/kernels";
import { nextTask } from "./serve";

export interface BackgroundGraph {
  /** Begins, where that has not happened. */
  start(): void;
  /** The graph; of a large pool null until it is ready, so that nobody waits for it. */
  ready(): Promise<NeighbourGraph | null>;
  /** The graph once it is made; null where it could not be. */
  finished(): Promise<NeighbourGraph | null>;
  /** Before the matrix is disposed. */
  cancel(): void;
}

/** Up to here it is a matter of a second, and rounds that wait for it are the same on every machine. */
const smallPool = 5000;

export function createBackgroundGraph(
  matrix: ResidentMatrix,
  values: Float32Array,
  kernels: Kernels,
): BackgroundGraph {
  const cancelled = new AbortController();
  let building: Promise<void> | null = null;
  let graph: NeighbourGraph | null = null;

  const start = () => {
    building ??= buildNeighbourGraph(matrix, values, {
      kernels,
      stop: cancelled.signal,
      pause: nextTask,
    }).then(
      (built) => void (graph = built),
      (error: unknown) => {
        // Heads do without a graph, so rounds go on; a broken device fails them by itself.
        if (!cancelled.signal.aborted) console.error("The neighbour graph could not be made:", error);
      },
    );
  };

  return {
    start,
    async ready() {
      start();
      if (matrix.rows <= smallPool) await building;
      return graph;
    },
    async finished() {
      start();
      await building;
      return graph;
    },
    cancel: () => cancelled.abort(),
  };
}
