// Reads items as an encoder wants them: texts here, images by decoders that work ahead.

import { throwIfStopped, type StopSignal } from "../../src/core/errors";
import type { Item } from "../../src/core/item";
import type { Database } from "../../src/storage/database";
import type { Encoder } from "../encoders/encoder";
import type { AliveMessage } from "../api";
import { readInputs, readPixels, type Input } from "../read-input";
import type { Decoded } from "./api";
import { openDecodePool, type DecoderLike } from "./decode-pool";

/** Below this, starting a decoder takes longer than it saves. */
const fewItems = 32;
/** Images on their way or waiting, for each decoder: what it takes to keep it busy while a batch is encoded. */
const aheadOfEach = 8;
/** Measured: more decoders than this wait for storage. */
const mostDecoders = 3;

export interface InputReader {
  /** In the items' order; null for one whose stored bytes are gone or cannot be decoded. @throws Stopped */
  read(encoder: Encoder, items: readonly Item[], stop: StopSignal): AsyncGenerator<Input | null>;
  /** Gives back what the decoders take; a later `read` starts new ones. */
  close(): void;
}

/** @param cores of this machine; one stays for encoding. */
export function openInputReader(
  storage: () => Promise<Database>,
  cores = navigator.hardwareConcurrency || 2,
): InputReader {
  const decoders = Math.max(1, Math.min(mostDecoders, cores - 1));
  const pool = openDecodePool({
    decoders,
    ahead: aheadOfEach * decoders,
    start: startDecoder,
    fallback: async (item, maxSide) => readPixels(await storage(), item, maxSide),
  });
  return {
    async *read(encoder, items, stop) {
      if (encoder.kind === "image" && items.length >= fewItems) {
        yield* pool.read(items, encoder.maxSide, stop);
        return;
      }
      for await (const input of readInputs(await storage(), encoder, items)) {
        throwIfStopped(stop);
        yield input;
      }
    },
    close: () => pool.close(),
  };
}

function startDecoder(): DecoderLike {
  const worker = new Worker(new URL("../decoder.worker.ts", import.meta.url), { type: "module" });
  return {
    postMessage: (job) => worker.postMessage(job),
    hear(answered, died) {
      worker.addEventListener("error", died);
      worker.addEventListener("messageerror", died);
      worker.addEventListener("message", ({ data }: MessageEvent<Decoded | AliveMessage>) => {
        if (!("type" in data)) answered(data);
        // Granted only when the worker is gone, however it went: one that is ended raises no event.
        else void navigator.locks.request(data.lock, died);
      });
    },
    terminate: () => worker.terminate(),
  };
}
