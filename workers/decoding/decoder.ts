// A decoder: reads image items from storage and hands their pixels over, one job after the other.

import { openWhenNeeded } from "../../src/storage/database";
import { readPixels } from "../read-input";
import { holdLifeLock } from "../serve";
import type { DecodeJob, Decoded } from "./api";

/** Answers every job posted to this worker. A photo of 12 megapixels takes 48 MB while it is scaled down. */
export function serveDecoder(scope: DedicatedWorkerGlobalScope): void {
  const storage = openWhenNeeded();
  // Before it answers anything it is known how to tell that it died.
  let last = holdLifeLock();
  scope.addEventListener("message", ({ data }: MessageEvent<DecodeJob>) => {
    last = last.then(() => answer(data));
  });

  async function answer({ id, item, maxSide }: DecodeJob): Promise<void> {
    let decoded: Decoded;
    try {
      decoded = { id, image: await readPixels(await storage(), item, maxSide) };
    } catch (error) {
      decoded = { id, fault: error instanceof Error ? error.message : String(error) };
    }
    const pixels = "image" in decoded ? decoded.image?.pixels.buffer : undefined;
    scope.postMessage(decoded, pixels ? [pixels as ArrayBuffer] : []);
  }
}
