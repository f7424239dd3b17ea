// Whether what was given will fit into what the browser has left, told before anything is stored.

import { readQuota } from "../storage/quota";
import type { ImportPlan } from "./import-plan";

export interface Room {
  readonly needBytes: number;
  readonly freeBytes: number;
}

/** Thumbnails, embeddings and the records of items come on top of the bytes: a third on small files. */
const overhead = 1.35;

/** null where the browser does not say what it has. */
export async function findRoom(plan: ImportPlan): Promise<Room | null> {
  const quota = await readQuota();
  if (!quota) return null;
  const files = [...plan.images.map(({ file }) => file), ...plan.archives, ...plan.tables];
  const needBytes = overhead * files.reduce((sum, { size }) => sum + size, 0);
  return { needBytes, freeBytes: Math.max(0, quota.totalBytes - quota.usedBytes) };
}
