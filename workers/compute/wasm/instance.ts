// Starts the compiled AssemblyScript (./assembly) on a memory. Addresses are plain numbers; those from the module
// would be signed, but it returns none.

/// <reference path="./compiled.d.ts" />
import { bytes, fusedBytes } from "./assembly/index.ts?compiled";

type Address = number;

/** As exported by ./assembly/index.ts, where each is described. */
export interface WasmExports {
  layOut(
    matrix: Address,
    stride: number,
    codes: Address,
    cards: Address,
    norms: Address,
    centre: Address,
  ): void;
  squaredNorms(from: number, to: number): void;
  addToMean(list: Address, count: number, sums: Address): void;
  squaredDistancesToPoint(
    list: Address,
    count: number,
    points: Address,
    which: Address,
    result: Address,
  ): void;
  sketchRows(from: number, to: number): void;
  takeCentre(row: number): void;
  lowerDistances(list: Address, count: number, least: Address): number;
  farthest(least: Address, count: number): number;
  draw(list: Address, weights: Address, count: number, seed: number, turn: number): number;
  makeGradients(
    list: Address,
    count: number,
    residuals: Address,
    classes: number,
    width: number,
    squares: Address,
  ): void;
  takeGradient(list: Address, at: number, residuals: Address, width: number, squares: Address): void;
  lowerGradients(
    list: Address,
    count: number,
    residuals: Address,
    width: number,
    squares: Address,
    least: Address,
  ): number;
  packColumns(right: Address, dims: number, columns: number, packed: Address): void;
  boundPanels(right: Address, dims: number, columns: number, bounds: Address): void;
  multiplyBounded(
    list: Address,
    first: number,
    count: number,
    packed: Address,
    width: number,
    result: Address,
    bounds: Address,
  ): void;
  packRows(list: Address, from: Address, count: number, packed: Address): void;
  multiplyBlock(
    list: Address,
    first: number,
    count: number,
    packed: Address,
    width: number,
    result: Address,
  ): void;
  unpad(from: Address, count: number, width: number, columns: number, to: Address): void;
  scoreBlock(
    logits: Address,
    count: number,
    width: number,
    bias: Address,
    classes: number,
    probabilities: Address,
    leastConfidence: Address,
    margin: Address,
    entropy: Address,
    perNat: number,
  ): void;
  keepNearest(
    products: Address,
    first: number,
    count: number,
    width: number,
    thresholds: Address,
    queries: Address,
    k: number,
    bestProducts: Address,
    bestRows: Address,
  ): void;
  assignBlock(
    list: Address,
    count: number,
    products: Address,
    width: number,
    squares: Address,
    centres: Address,
    k: number,
    clusters: Address,
  ): number;
  addToMeans(list: Address, count: number, clusters: Address, sums: Address, sizes: Address): void;
}

/** The part that knows no matrix: what refits need. */
export interface LinearExports {
  fillLogits(
    features: Address,
    rows: number,
    dims: number,
    width: number,
    weights: Address,
    bias: Address,
    logits: Address,
  ): void;
  addGradient(
    features: Address,
    rows: number,
    dims: number,
    width: number,
    residuals: Address,
    gradient: Address,
    biases: Address,
  ): void;
}

/** The loss of a fit along a line; also without a matrix. */
export interface RowLossExports {
  fillLine(
    features: Address,
    rows: number,
    bytes: number,
    columns: number,
    members: number,
    padded: number,
    weights: Address,
    biases: Address,
    logits: Address,
  ): void;
  probeSoftmax(
    rows: number,
    columns: number,
    members: number,
    padded: number,
    step: number,
    logits: Address,
    slopes: Address,
    targets: Address,
    weights: Address,
    residuals: Address,
    found: Address,
  ): void;
  addScaled(to: Address, scale: number, from: Address, count: number): void;
  dotFloats(left: Address, right: Address, count: number): number;
  addSlopes(
    features: Address,
    rows: number,
    bytes: number,
    columns: number,
    members: number,
    padded: number,
    residuals: Address,
    gradient: Address,
    biases: Address,
  ): void;
}

/** The part that learning from texts needs; also without a matrix. */
export interface SparseExports {
  multiplySparse(
    rows: number,
    offsets: Address,
    indices: Address,
    values: Address,
    dense: Address,
    dims: number,
    product: Address,
  ): void;
}

/** The part that encoding images needs. */
export interface PatchExports {
  cutPatches(
    light: Address,
    redGreen: Address,
    blueYellow: Address,
    width: number,
    step: number,
    count: number,
    to: Address,
  ): void;
  poolResponses(
    responses: Address,
    count: number,
    words: number,
    offsets: Address,
    threshold: number,
    sums: Address,
    peaks: Address,
  ): void;
  addToNearest(patches: Address, count: number, products: Address, words: number, sums: Address): void;
}

/** Rejects where there is no WebAssembly with SIMD. @param fused whether to use fused multiply-add; where it is known. */
export function compileModule(fused = WebAssembly.validate(fusedBytes)): Promise<WebAssembly.Module> {
  return WebAssembly.compile(fused ? fusedBytes : bytes);
}

type Exports = WasmExports & LinearExports & RowLossExports & SparseExports & PatchExports;

export async function startModule(module: WebAssembly.Module, memory: WebAssembly.Memory): Promise<Exports> {
  const { exports } = await WebAssembly.instantiate(module, {
    env: { memory },
    cover: { minusLog: (u: number) => -Math.log(u) },
    "row-loss": { log: Math.log },
  });
  return exports as unknown as Exports;
}
