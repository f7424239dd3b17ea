// Makes the neighbour graph of a pool beside the rounds, once, for the heads that need it, and keeps it for the next
// visit.

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

/** Where graphs outlive the worker. */
export interface GraphShelf {
  load(): Promise<NeighbourGraph | null>;
  save(graph: NeighbourGraph): Promise<void>;
}

export function createBackgroundGraph(
  matrix: ResidentMatrix,
  values: Float32Array,
  kernels: Kernels,
  shelf: GraphShelf,
): BackgroundGraph {
  const cancelled = new AbortController();
  const { signal } = cancelled;
  let loading: Promise<void> | null = null;
  let building: Promise<void> | null = null;
  let graph: NeighbourGraph | null = null;

  /** Heads do without a graph, and one can be made again, so rounds go on; a broken device fails them by itself. */
  const tell = (what: string) => (error: unknown) => {
    if (!signal.aborted) console.error(`The neighbour graph could not be ${what}:`, error);
  };

  const build = async () => {
    graph = await buildNeighbourGraph(matrix, values, { kernels, stop: signal, pause: nextTask });
    await shelf.save(graph).catch(tell("kept"));
  };

  const start = () => {
    loading ??= shelf.load().then((kept) => void (graph = kept), tell("read"));
    building ??= loading.then(() => (graph || signal.aborted ? undefined : build())).catch(tell("made"));
  };

  return {
    start,
    async ready() {
      start();
      await loading;
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
