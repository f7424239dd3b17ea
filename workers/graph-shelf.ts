// Keeps the neighbour graphs of the learner in storage.

import type { Database } from "../src/storage/database";
import { loadGraph, saveGraph, type GraphKey } from "../src/storage/graph-store";
import type { GraphShelf } from "./background-graph";

/** @param held which embeddings the graphs are of, and their numbers. */
export function openShelf(
  storage: () => Promise<Database>,
  held: GraphKey & { readonly values: Float32Array },
): GraphShelf {
  return {
    load: async () => loadGraph(await storage(), held, held.values),
    save: async (graph) => saveGraph(await storage(), held, held.values, graph),
  };
}
