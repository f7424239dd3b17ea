// Whether what was given will fit into what the browser has left, told before anything is stored and again while it
// goes in: other pages and programs take room as well.

import { readQuota } from "../storage/quota";
import type { ImportPlan } from "./import-plan";

export interface Room {
  readonly needBytes: number;
  readonly freeBytes: number;
}

/** Thumbnails, embeddings and the records of items come on top of the bytes: a third on small files. */
const overhead = 1.35;

/** Thumbnail, embedding and record of an image whose file stays where it is. */
const inPlaceBytes = 20_000;

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
  const copied = plan.images.filter(({ handle }) => !handle).map(({ file }) => file);
  const inPlace = plan.images.length - copied.length;
  const needBytes = overhead * (whole + sizeOfMany(copied)) + inPlaceBytes * inPlace;
  return { needBytes, freeBytes: Math.max(0, quota.totalBytes - quota.usedBytes) };
}

/** Between two looks; the browser may have to ask the disk. */
const everyMs = 2000;

/** Follows the room while an import runs. */
export class RoomWatch {
  readonly #wholeBytes: number;
  readonly #told: (room: Room) => void;
  #lookedAt = performance.now();
  #ended = false;

  constructor(room: Room, told: (room: Room) => void) {
    this.#wholeBytes = room.needBytes;
    this.#told = told;
  }

  /** Call with each batch. @param share of the import that is done, 0 to 1. */
  note(share: number): void {
    if (performance.now() - this.#lookedAt < everyMs) return;
    this.#lookedAt = performance.now();
    void this.#look(share);
  }

  end(): void {
    this.#ended = true;
  }

  async #look(share: number): Promise<void> {
    const quota = await readQuota();
    if (!quota || this.#ended) return;
    const freeBytes = Math.max(0, quota.totalBytes - quota.usedBytes);
    this.#told({ needBytes: this.#wholeBytes * Math.max(0, 1 - share), freeBytes });
  }
}
