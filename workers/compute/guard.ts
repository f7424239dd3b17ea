// Turns whatever a kernel throws when the machine under it fails into TierFailed, so that recovery can tell it
// from a wrong question or a stop.

import { PoolExhausted, Stopped } from "../../src/core/errors";
import type { Kernels } from "../../src/core/kernels/kernels";
import { TierFailed } from "./tier-failed";

/** The same kernels; their errors are Stopped, PoolExhausted, a RangeError for a wrong question, or TierFailed. */
export function guarded(kernels: Kernels, name: string): Kernels {
  return new Proxy(kernels, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key);
      if (typeof member !== "function" || key === "dispose") return member;
      return async (...given: unknown[]): Promise<unknown> => {
        try {
          return await (member as (...given: unknown[]) => unknown).apply(target, given);
        } catch (error) {
          throw asFailure(error, name);
        }
      };
    },
  });
}

function asFailure(error: unknown, name: string): unknown {
  if (error instanceof TierFailed || error instanceof PoolExhausted || error instanceof Stopped) return error;
  const message = error instanceof Error ? error.message : String(error);
  // Engines say so in a RangeError when memory runs out.
  const memory = /memory|alloc/i.test(message);
  if (error instanceof RangeError && !memory) return error;
  const what = memory ? "ran out of memory" : "failed";
  return new TierFailed(memory ? "memory" : "error", `${name} ${what}: ${message}`, error);
}
