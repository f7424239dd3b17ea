// The memory of L-BFGS (core/learning/step-memory.ts) in WebAssembly, in float32: a direction need not be exact, and
// half the bytes stay in the cache.

import type { Place } from "../../../src/core/learning/line-search";
import type { StepMemory } from "../../../src/core/learning/step-memory";
import type { RowLossExports } from "./instance";

const pageBytes = 65536;

/** One memory for all fits, of which the last one opened lives. @param memory used from its second page on. */
export function createStepMemories(
  wasm: RowLossExports,
  memory: WebAssembly.Memory,
): (length: number, most: number) => StepMemory {
  let current: StepMemory | null = null;

  return (length, most) => {
    const count = Math.ceil(length / 16) * 16;
    const bytes = count * 4;
    // The direction, then for each place the move and the change.
    const end = pageBytes + bytes * (1 + 2 * most);
    const missing = Math.ceil(end / pageBytes) - memory.buffer.byteLength / pageBytes;
    if (missing > 0) memory.grow(missing);
    const floats = (address: number) => new Float32Array(memory.buffer, address, length);
    const turning = floats(pageBytes);
    const moves = Array.from({ length: most }, (_, at) => pageBytes + bytes * (1 + 2 * at));
    const views = moves.map((move) => ({ moved: floats(move), changed: floats(move + bytes) }));
    new Float32Array(memory.buffer, pageBytes, (end - pageBytes) / 4).fill(0);
    const direction = new Float64Array(length);
    /** Places, oldest first, with 1 / (moved · changed). */
    const steps: { place: number; rho: number }[] = [];
    let free = Array.from(moves.keys());

    const own: StepMemory = {
      get size() {
        return steps.length;
      },
      clear() {
        steps.length = 0;
        free = Array.from(moves.keys());
      },
      add(from: Place, to: Place) {
        if (current !== own) throw new Error("Another fit has taken the memory of this one.");
        const place = free.pop() ?? steps.shift()!.place;
        const { moved, changed } = views[place]!;
        for (let at = 0; at < length; at++) {
          moved[at] = to.point[at]! - from.point[at]!;
          changed[at] = to.gradient[at]! - from.gradient[at]!;
        }
        const product = wasm.dotFloats(moves[place]!, moves[place]! + bytes, count);
        // Zero only through rounding; dividing by it would end every later direction in NaN.
        if (product > 0) steps.push({ place, rho: 1 / product });
        else free.push(place);
      },
      direction(gradient) {
        for (let at = 0; at < length; at++) turning[at] = -gradient[at]!;
        const alphas: number[] = [];
        for (let at = steps.length - 1; at >= 0; at--) {
          const { place, rho } = steps[at]!;
          alphas[at] = rho * wasm.dotFloats(moves[place]!, pageBytes, count);
          wasm.addScaled(pageBytes, -alphas[at]!, moves[place]! + bytes, count);
        }
        const newest = steps.at(-1);
        if (newest) {
          const change = moves[newest.place]! + bytes;
          const scale = 1 / (newest.rho * wasm.dotFloats(change, change, count));
          for (let at = 0; at < length; at++) turning[at]! *= scale;
        }
        steps.forEach(({ place, rho }, at) => {
          const beta = rho * wasm.dotFloats(moves[place]! + bytes, pageBytes, count);
          wasm.addScaled(pageBytes, alphas[at]! - beta, moves[place]!, count);
        });
        direction.set(turning);
        return direction;
      },
    };
    current = own;
    return own;
  };
}
