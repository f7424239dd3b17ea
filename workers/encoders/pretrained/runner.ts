// The contract of what runs a model, and the check that a graphics card gives the same embeddings as
// WebAssembly before it is trusted.

import { Stopped } from "../../../src/core/errors";

export type Device = "webgpu" | "wasm" | "cpu";

/** Runs one model on one device. `Prepared` is what it takes: pixels of a batch, or texts. */
export interface Runner<Prepared> {
  readonly device: Device;
  readonly dims: number;
  /** Rows × dims, row-major, as they come out of the model. */
  run(batch: Prepared): Promise<Float32Array>;
  close(): void;
}

export interface OpenedRunner<Prepared> {
  readonly runner: Runner<Prepared>;
  /** Why a faster device is not used, for the person; null where there is nothing to say. */
  readonly note: string | null;
}

/** Below this the graphics card's embeddings are others than WebAssembly's. */
const leastCosine = 0.99;

/**
 * Opens the model on the graphics card where there is one and it agrees with WebAssembly about the probe; else
 * on WebAssembly, with a note that says why.
 * @param open is asked for one device after the other; the one before is closed by then.
 */
export async function openChecked<Prepared>(
  devices: readonly Device[],
  open: (device: Device) => Promise<Runner<Prepared>>,
  probe: (runner: Runner<Prepared>) => Prepared,
): Promise<OpenedRunner<Prepared>> {
  const [fast, ...slower] = devices;
  if (fast !== "webgpu") return { runner: await openFirst(devices, open), note: null };
  const reference = await openFirst(slower, open);
  const expected = await reference.run(probe(reference)).finally(() => reference.close());
  const fault = await tryDevice(() => open("webgpu"), probe, expected, reference.dims);
  if ("runner" in fault) return { runner: fault.runner, note: null };
  return { runner: await openFirst(slower, open), note: `${fault.reason} WebAssembly is used instead.` };
}

async function openFirst<Prepared>(
  devices: readonly Device[],
  open: (device: Device) => Promise<Runner<Prepared>>,
): Promise<Runner<Prepared>> {
  let failure: unknown = new Error("There is nothing here that could run a model.");
  for (const device of devices) {
    try {
      return await open(device);
    } catch (error) {
      if (error instanceof Stopped) throw error;
      failure = error;
    }
  }
  throw failure;
}

async function tryDevice<Prepared>(
  open: () => Promise<Runner<Prepared>>,
  probe: (runner: Runner<Prepared>) => Prepared,
  expected: Float32Array,
  dims: number,
): Promise<{ readonly runner: Runner<Prepared> } | { readonly reason: string }> {
  let runner: Runner<Prepared> | null = null;
  try {
    runner = await open();
    const cosine = worstCosine(await runner.run(probe(runner)), expected, dims);
    if (cosine > leastCosine) return { runner };
    runner.close();
    return {
      reason: `The graphics card gives other embeddings than WebAssembly for this model (cosine ${cosine.toFixed(3)}).`,
    };
  } catch (error) {
    runner?.close();
    const message = error instanceof Error ? error.message : String(error);
    return { reason: `The graphics card could not run this model (${message}).` };
  }
}

/** The smallest cosine between rows of the same place; −1 where one is not a number. */
export function worstCosine(a: Float32Array, b: Float32Array, dims: number): number {
  let worst = 1;
  for (let row = 0; row < b.length / dims; row++) {
    let dot = 0;
    let aa = 0;
    let bb = 0;
    for (let k = row * dims; k < (row + 1) * dims; k++) {
      dot += a[k]! * b[k]!;
      aa += a[k]! * a[k]!;
      bb += b[k]! * b[k]!;
    }
    const cosine = dot / Math.sqrt(aa * bb);
    worst = Math.min(worst, Number.isFinite(cosine) ? cosine : -1);
  }
  return worst;
}
