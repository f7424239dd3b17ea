// The WebAssembly module of the wasm tier: what JavaScript may call. AssemblyScript, compiled at build by
// scripts/vite/assembly.mjs and not part of the tsc programs. One instance serves one matrix, whose memory it
// is given; where things lie in that memory, JavaScript decides (../row-memory.ts).

export { layOut } from "./layout";
export { addToMean, squaredDistancesToPoint, squaredNorms } from "./rows";
export { sketchRows } from "./sketch";
export { draw, farthest, lowerDistances, takeCentre } from "./cover";
export { lowerGradients, makeGradients, takeGradient } from "./gradients";
export { boundPanels, multiplyBlock, multiplyBounded, packColumns, packRows, unpad } from "./products";
export { scoreBlock } from "./scores";
export { keepNearest } from "./neighbours";
export { assignBlock, addToMeans } from "./means";
export { addGradient, fillLogits } from "./linear";
export { multiplySparse } from "./sparse";
export { addScaled, dotFloats } from "./floats";
export { addSlopes, fillLine } from "./lines";
export { probeSoftmax } from "./row-loss";
export { addToNearest, cutPatches, poolResponses } from "./patches";
