// Whether what was given will fit into what the browser has left, told before anything is stored.

import { readQuota } from "../storage/quota";
import type { ImportPlan } from "./import-plan";

export interface Room {
  readonly needBytes: number;
  readonly freeBytes: number;
}

/** Thumbnails, embeddings and the records of items come on top of the bytes: a third on small files. */
const overhead = 1.35;

/** The browser may have to ask the disk for each size, while nothing else can happen on the page. */
const sampledFiles = 200;

function sizeOf(files: readonly File[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}

function sizeOfMany(files: readonly File[]): number {
  const step = Math.max(1, Math.floor(files.length / sampledFiles));
  const sample = files.filter((_, at) => at % step === 0);
  return sample.length === 0 ? 0 : (sizeOf(sample) / sample.length) * files.length;
}

/** null where the browser does not say what it has. */
export async function findRoom(plan: ImportPlan): Promise<Room | null> {
  const quota = await readQuota();
  if (!quota) return null;
  const whole = sizeOf([...plan.archives, ...plan.tables.map(({ file }) => file)]);
  const needBytes = overhead * (whole + sizeOfMany(plan.images.map(({ file }) => file)));
  return { needBytes, freeBytes: Math.max(0, quota.totalBytes - quota.usedBytes) };
}
