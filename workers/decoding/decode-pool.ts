// Several decoders feed the one worker that encodes, through a bounded queue: while a batch is encoded the next
// images are read and decoded, and never more of them than are soon needed.

import { throwIfStopped, type StopSignal } from "../../src/core/errors";
import type { Item } from "../../src/core/item";
import type { ImageInput } from "../encoders/encoder";
import type { DecodeJob, Decoded } from "./api";

/** What the pool needs of a Worker. */
export interface DecoderLike {
  postMessage(job: DecodeJob): void;
  /** `died` may come late, and more than once. */
  hear(answered: (decoded: Decoded) => void, died: () => void): void;
  terminate(): void;
}

/** Of decoded images waiting for the encoder. */
const mostBytes = 64 * 1024 * 1024;

type Read = (item: Item, maxSide: number) => Promise<ImageInput | null>;

export interface DecodePool {
  /**
   * The pixels of the items in their order; null for one that cannot be decoded. At most `ahead` images are on their
   * way or wait to be taken. Ending the iteration early drops what is on its way. @throws Stopped
   */
  read(items: readonly Item[], maxSide: number, stop: StopSignal): AsyncGenerator<ImageInput | null>;
  /** Ends the decoders; a later `read` starts new ones. */
  close(): void;
}

export interface PoolWish {
  readonly decoders: number;
  /** Images on their way or waiting at a time; fewer where they are so large that they would take `mostBytes`. */
  readonly ahead: number;
  start(): DecoderLike;
  /** Reads one in this thread: where decoders cannot be started, and what a dead one was at. */
  readonly fallback: Read;
}

interface Running {
  readonly decoder: DecoderLike;
  readonly waiting: Map<number, (decoded: Decoded | null) => void>;
}

export function openDecodePool({ decoders, ahead, start, fallback }: PoolWish): DecodePool {
  let running: Running[] = [];
  /** Once one has died, nothing speaks for the next living longer. */
  let broken = decoders < 1;
  let lastId = 0;

  function open(): void {
    while (!broken && running.length < decoders) {
      try {
        running.push(launch());
      } catch {
        // Some browsers give a worker no workers of its own; this thread does the work then.
        broken = true;
      }
    }
  }

  function launch(): Running {
    const one: Running = { decoder: start(), waiting: new Map() };
    const answered = (decoded: Decoded): void => {
      const settle = one.waiting.get(decoded.id);
      one.waiting.delete(decoded.id);
      settle?.(decoded);
    };
    const died = (): void => {
      // One that was closed is gone too.
      if (!running.includes(one)) return;
      broken = true;
      running = running.filter((other) => other !== one);
      end(one);
    };
    one.decoder.hear(answered, died);
    return one;
  }

  /** What it was at is read elsewhere. */
  function end({ decoder, waiting }: Running): void {
    decoder.terminate();
    for (const settle of waiting.values()) settle(null);
    waiting.clear();
  }

  async function decode(item: Item, maxSide: number, isOver: () => boolean): Promise<ImageInput | null> {
    open();
    const [least] = [...running].sort((a, b) => a.waiting.size - b.waiting.size);
    if (!least) return fallback(item, maxSide);
    const id = ++lastId;
    const decoded = await new Promise<Decoded | null>((resolve) => {
      least.waiting.set(id, resolve);
      least.decoder.postMessage({ id, item, maxSide });
    });
    if (!decoded) return isOver() ? null : fallback(item, maxSide);
    if ("fault" in decoded) throw new Error(decoded.fault);
    return decoded.image;
  }

  return {
    async *read(items, maxSide, stop) {
      const coming: Promise<ImageInput | null>[] = [];
      const room = Math.max(1, Math.min(ahead, Math.floor(mostBytes / (4 * maxSide * maxSide))));
      let next = 0;
      let over = false;
      const fill = (): void => {
        while (coming.length < room && next < items.length) {
          const one = decode(items[next++]!, maxSide, () => over);
          // Looked at when its turn comes; until then it must not count as unhandled.
          one.catch(() => undefined);
          coming.push(one);
        }
      };
      try {
        for (let at = 0; at < items.length; at++) {
          throwIfStopped(stop);
          fill();
          const image = await coming.shift()!;
          fill();
          yield image;
        }
      } finally {
        over = true;
      }
    },
    close() {
      const ended = running;
      running = [];
      ended.forEach(end);
    },
  };
}
