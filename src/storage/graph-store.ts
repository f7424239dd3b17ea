// Neighbour graphs, one for each encoder of a project, so that a reload does not make them again. What is kept can
// always be made anew from the embeddings.

import type { NeighbourGraph } from "../core/graph/graph";
import type { ProjectId } from "../core/ids";
import { commit, type Database } from "./database";

/** Which embeddings a graph is of. */
export interface GraphKey {
  readonly projectId: ProjectId;
  readonly encoderKey: string;
}

/** Numbers of the embeddings from one that is looked at to the next: a prime, so that all dimensions are. */
const sampled = 17;

/** Keeps it in place of an earlier one; not for a project that has been deleted meanwhile. @throws StorageFull */
export async function saveGraph(
  database: Database,
  { projectId, encoderKey }: GraphKey,
  values: Float32Array,
  graph: NeighbourGraph,
): Promise<void> {
  const madeOf = fingerprintOf(values);
  const transaction = database.transaction(["projects", "graphs"], "readwrite");
  await commit(transaction, async () => {
    if (!(await transaction.objectStore("projects").get(projectId))) return;
    await transaction.objectStore("graphs").put({ projectId, encoderKey, madeOf, graph });
  });
}

/** null where none is kept, or one of other embeddings than these. @param values rows × dims, all of the encoder's. */
export async function loadGraph(
  database: Database,
  { projectId, encoderKey }: GraphKey,
  values: Float32Array,
): Promise<NeighbourGraph | null> {
  const kept = await database.get("graphs", [projectId, encoderKey]);
  return kept?.madeOf === fingerprintOf(values) ? kept.graph : null;
}

/** Other embeddings give another text: their length, and FNV-1a over the bits of every 17th number. */
function fingerprintOf(values: Float32Array): string {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let hash = 0x811c9dc5;
  for (let at = 0; at < bits.length; at += sampled) hash = Math.imul(hash ^ bits[at]!, 0x01000193);
  return `${values.length}:${hash >>> 0}`;
}
