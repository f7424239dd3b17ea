// One matrix in the memory of its own WebAssembly instance, so that disposing of it gives all of it back. What is
// derived from the rows (norms, the int8 sketch) is made when first asked for and kept; the rest of a call's needs
// is scratch, which the next call takes over.

import type { ResidentMatrix } from "../../../src/core/kernels/kernels";
import { startModule, type RowLossExports, type WasmExports } from "./instance";

const pageBytes = 65536;
/** What 32-bit addresses reach. */
const mostPages = 65536;
/**
 * Rows one call of the module goes through. The engine compiles a function well only for its next call, so the
 * first pass over a large matrix must not be a single call: it would run at a third of the speed.
 */
export const rowsPerCall = 1024;
/** One 16-byte card for each row beside its sketch, as in ./assembly/sketch.ts. */
const cardBytes = 16;

export interface RowMemory extends ResidentMatrix {
  /** Numbers from one row to the next: `dims` rounded up to a multiple of 16, so that no loop has a remainder. */
  readonly stride: number;
  readonly wasm: WasmExports & RowLossExports;
  /** Of a row. */
  address(row: number): number;
  /** Memory until the matrix is disposed of. To be asked for before any scratch. */
  keep(bytes: number): number;
  /** Memory until the next call on this matrix. What was there before is still there: fill it. */
  scratch(bytes: number): number;
  /** Scratch with these numbers in it. */
  put(values: Uint32Array | Float32Array): number;
  // Views live until more memory is asked for.
  u32(address: number, length: number): Uint32Array<ArrayBuffer>;
  f32(address: number, length: number): Float32Array<ArrayBuffer>;
  f64(address: number, length: number): Float64Array<ArrayBuffer>;
  /** Makes the squared norms; `withSketch` the sketch as well. To be called before any scratch. */
  prepare(withSketch: boolean): void;
  /** Runs calls one after the other, for they share the scratch and may pause. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** @throws Error, with a sentence, when there is not so much memory. */
export async function openRowMemory(
  module: WebAssembly.Module,
  values: Float32Array,
  rows: number,
  dims: number,
  onDispose: (matrix: RowMemory) => void,
): Promise<RowMemory> {
  const stride = Math.max(16, Math.ceil(dims / 16) * 16);
  const start = pageBytes;
  let kept = start + rows * stride * 4;
  const fit = <Result>(bytes: number, work: () => Result): Result => {
    try {
      if (bytes <= mostPages * pageBytes) return work();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
    const gigabytes = (bytes / 1e9).toFixed(1);
    throw new Error(
      `${rows} items of ${dims} numbers need ${gigabytes} GB of memory, more than the browser gives. Use fewer items, an encoder with shorter embeddings, or close other tabs.`,
    );
  };
  const pagesFor = (bytes: number) => Math.ceil(bytes / pageBytes);
  const memory = fit(kept, () => new WebAssembly.Memory({ initial: pagesFor(kept), maximum: mostPages }));
  const wasm = await startModule(module, memory);
  copyRows(values, dims, new Float32Array(memory.buffer, start, rows * stride), stride);

  let top = kept;
  let last: Promise<unknown> = Promise.resolve();
  let codes = 0;
  let cards = 0;
  let norms = 0;
  let centre = 0;
  const layOut = () => wasm.layOut(start, stride, codes, cards, norms, centre);
  layOut();

  const matrix: RowMemory = {
    rows,
    dims,
    stride,
    wasm,
    address: (row) => start + row * stride * 4,
    keep(bytes) {
      if (top !== kept) throw new Error("Memory to keep was asked for after scratch.");
      const address = matrix.scratch(bytes);
      kept = top;
      return address;
    },
    scratch(bytes) {
      const address = top;
      // 64 bytes, so that no row of a sketch straddles a cache line needlessly.
      const end = top + Math.ceil(bytes / 64) * 64;
      const missing = pagesFor(end) - memory.buffer.byteLength / pageBytes;
      if (missing > 0) fit(end, () => memory.grow(missing));
      top = end;
      return address;
    },
    put(numbers) {
      const address = matrix.scratch(numbers.byteLength);
      if (numbers instanceof Uint32Array) matrix.u32(address, numbers.length).set(numbers);
      else matrix.f32(address, numbers.length).set(numbers);
      return address;
    },
    u32: (address, length) => new Uint32Array(memory.buffer as ArrayBuffer, address, length),
    f32: (address, length) => new Float32Array(memory.buffer as ArrayBuffer, address, length),
    f64: (address, length) => new Float64Array(memory.buffer as ArrayBuffer, address, length),
    prepare(withSketch) {
      if (norms === 0) {
        norms = matrix.keep(rows * 8);
        layOut();
        for (let from = 0; from < rows; from += rowsPerCall)
          wasm.squaredNorms(from, Math.min(rows, from + rowsPerCall));
      }
      if (withSketch && codes === 0) {
        codes = matrix.keep(rows * stride);
        cards = matrix.keep(rows * cardBytes);
        centre = matrix.keep(stride * 10);
        layOut();
        for (let from = 0; from < rows; from += rowsPerCall)
          wasm.sketchRows(from, Math.min(rows, from + rowsPerCall));
      }
    },
    inTurn(work) {
      const run = last.then(() => {
        top = kept;
        return work();
      });
      last = run.catch(() => undefined);
      return run;
    },
    dispose: () => onDispose(matrix),
  };
  return matrix;
}

function copyRows(values: Float32Array, dims: number, to: Float32Array, stride: number): void {
  if (dims === stride) to.set(values);
  else
    for (let from = 0, at = 0; from < values.length; from += dims, at += stride)
      to.set(values.subarray(from, from + dims), at);
}
