// Reads items as an encoder wants them: texts and small images here, large images by decoders that work ahead.

import { throwIfStopped, type StopSignal } from "../../src/core/errors";
import type { Item } from "../../src/core/item";
import type { Database } from "../../src/storage/database";
import type { Encoder } from "../encoders/encoder";
import type { AliveMessage } from "../api";
import { thumbnailSide } from "../importing/prepare-image";
import { readInputs, readPixels, type Input } from "../read-input";
import type { Decoded } from "./api";
import { openDecodePool, type DecoderLike } from "./decode-pool";

/** Fewer images are not worth starting workers for. */
const fewItems = 16;
/** Images on their way or waiting, for each decoder: what it takes to keep it busy while a batch is encoded. */
const aheadOfEach = 8;
/**
 * Images of fewer pixels are read here: handing them over costs more than it saves. Measured in Chromium on 2 cores
 * that others were using too, images a second with 0, 1 and 2 decoders, each twice: JPEGs of 12 megapixels 3.4 and
 * 2.7, 3.4 and 2.9, 5.6 and 4.9; PNGs of 96 × 96 24.8 and 22.8, 19.4 and 22.6, 16.5 and 12.1. Where between the two
 * it turns was not measured.
 */
const fewPixels = 1_000_000;
/** Each holds a whole image while it scales it down, 48 MB at 12 megapixels. */
const mostDecoders = 4;

export interface InputReader {
  /** In the items' order; null for one whose stored bytes are gone or cannot be decoded. @throws Stopped */
  read(encoder: Encoder, items: readonly Item[], stop: StopSignal): AsyncGenerator<Input | null>;
  /** Gives back what the decoders take; a later `read` starts new ones. */
  close(): void;
}

/** @param decoders as many as there are cores, since reading takes longer than encoding where they are used. */
export function openInputReader(
  storage: () => Promise<Database>,
  decoders = Math.min(mostDecoders, navigator.hardwareConcurrency || 2),
): InputReader {
  const pool = openDecodePool({
    decoders,
    ahead: aheadOfEach * decoders,
    start: startDecoder,
    fallback: async (item, maxSide) => readPixels(await storage(), item, maxSide),
  });
  return {
    async *read(encoder, items, stop) {
      if (encoder.kind === "image" && areLarge(items, encoder.maxSide)) {
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

/** Whether reading them takes long. From a thumbnail it does not. */
function areLarge(items: readonly Item[], maxSide: number): boolean {
  if (items.length < fewItems || maxSide <= thumbnailSide) return false;
  const pixels = items.reduce((sum, { width, height }) => sum + width * height, 0);
  return pixels >= fewPixels * items.length;
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
