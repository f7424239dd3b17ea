// Ends a step: finds the best row among the workgroups', notes it as a pick, and fetches its numbers to where
// the next step reads them. One workgroup for each block, of which one has the row.

import type { KernelSource } from "./gpu";
import { stepLanes, type StepVariant } from "./step";
import { argmax, layout, loadChunk, read, write } from "./wgsl";

export const chooseKernel = ({ precision, subgroups, residuals }: StepVariant): KernelSource => ({
  name: `${residuals ? "gradient choose" : "choose"} in ${precision} precision${subgroups ? ", subgroups" : ""}`,
  lanes: stepLanes,
  subgroups,
  bindings: [
    read("matrix", "vec4<u32>"),
    read("norms", "f32"),
    read("partials", "vec2<u32>"),
    write("point", "vec4<u32>"),
    write("picks", "vec2<u32>"),
    ...(residuals ? [read("residuals", "vec4<f32>")] : []),
  ],
  params: ["rows", "chunks", "first", "partialCount", "pick", "residualChunks"],
  helpers: [layout(precision), argmax(stepLanes, subgroups)].join("\n"),
  main: /* wgsl */ `
  var mine = Best(lowest, noRow);
  for (var place = lane; place < params.partialCount; place += ${stepLanes}u) {
    let one = partials[place];
    mine = better(mine, Best(bitcast<f32>(one.x), one.y));
  }
  let best = argmax(mine.key, mine.row, lane);
  // Every block's workgroup finds the same, and the first tells.
  if (lane == 0u && params.first == 0u) { picks[params.pick] = vec2<u32>(bitcast<u32>(best.key), best.row); }
  let row = best.row - params.first;
  if (best.row == noRow || row >= params.rows) { return; }
  for (var chunk = lane; chunk < params.chunks; chunk += ${stepLanes}u) {
    let at = startOf(row, params.chunks) + chunk * chunkWords;
    ${loadChunk(precision)}
    point[chunk * 2u] = bitcast<vec4<u32>>(x0);
    point[chunk * 2u + 1u] = bitcast<vec4<u32>>(x1);
  }
  ${
    residuals
      ? /* wgsl */ `
  for (var chunk = lane; chunk < params.residualChunks; chunk += ${stepLanes}u) {
    let at = ((row / 64u) * params.residualChunks + chunk) * 64u + row % 64u;
    point[params.chunks * 2u + 1u + chunk] = bitcast<vec4<u32>>(residuals[at]);
  }`
      : ""
  }
  if (lane == 0u) {
    point[params.chunks * 2u] = vec4<u32>(bitcast<u32>(norms[row]), best.row, 0u, 0u);
  }`,
});
