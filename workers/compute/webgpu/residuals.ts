// BADGE's other factor: d = p − e_ŷ of every row, interleaved like the embeddings, and the squared norm of the
// gradient embedding, ‖d‖²‖x‖². Made once for a selection.

import type { KernelSource } from "./gpu";
import { read, tileRows, write } from "./wgsl";

/** Numbers of a residual that lie together. */
export const residualChunkClasses = 4;

export const residualsKernel: KernelSource = {
  name: "residuals",
  lanes: tileRows,
  bindings: [
    read("probabilities", "f32"),
    read("norms", "f32"),
    write("residuals", "vec4<f32>"),
    write("gradientNorms", "f32"),
  ],
  params: ["rows", "classes", "chunks"],
  helpers: "",
  main: /* wgsl */ `
  let row = group * ${tileRows}u + lane;
  if (row >= params.rows) { return; }
  let begin = row * params.classes;
  var likeliest = 0u;
  for (var c = 1u; c < params.classes; c++) {
    if (probabilities[begin + c] > probabilities[begin + likeliest]) { likeliest = c; }
  }
  var sums = vec4<f32>(0.0);
  var place = (row / 64u) * params.chunks * 64u + row % 64u;
  for (var chunk = 0u; chunk < params.chunks; chunk++) {
    var d = vec4<f32>(0.0);
    for (var k = 0u; k < 4u; k++) {
      let c = chunk * 4u + k;
      if (c < params.classes) { d[k] = probabilities[begin + c] - select(0.0, 1.0, c == likeliest); }
    }
    residuals[place] = d;
    sums = fma(d, d, sums);
    place += 64u;
  }
  gradientNorms[row] = ((sums.x + sums.y) + (sums.z + sums.w)) * norms[row];`,
};
