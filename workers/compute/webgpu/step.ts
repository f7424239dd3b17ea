// One step of a greedy selection in one pass: distance of every open row to the newest pick, running minimum,
// and the best row of each workgroup. For k-center, k-means++ and, with residuals, BADGE, whose distances come
// from two inner products. Nothing is read back: the pick is on the device (./choose).

import { coincidence } from "../../../src/core/kernels/kernels";
import type { KernelSource, Precision } from "./gpu";
import { argmax, gumbel, layout, loadChunk, read, write } from "./wgsl";

export const stepLanes = 256;

/** What the best row has the most of. */
export const keys = {
  /** Squared distance to the nearest pick. */
  distance: 0,
  /** Smallness of it. */
  closeness: 1,
  /** ln of it plus Gumbel noise: a draw in proportion. */
  draw: 2,
  /** Squared norm. */
  norm: 3,
} as const;

/** What a step does with the distance to the newest pick. */
export const updates = { none: 0, least: 1, replace: 2 } as const;

export interface StepVariant {
  readonly precision: Precision;
  readonly subgroups: boolean;
  readonly residuals: boolean;
}

/**
 * `point` holds the newest pick: its numbers in float32, a word (squared norm, row, 0, 0), and its residual.
 * `nearest` is below 0 for rows that are taken or no candidates.
 */
export const stepKernel = ({ precision, subgroups, residuals }: StepVariant): KernelSource => ({
  name: `${residuals ? "gradient step" : "step"} in ${precision} precision${subgroups ? ", subgroups" : ""}`,
  lanes: stepLanes,
  subgroups,
  bindings: [
    read("matrix", "vec4<u32>"),
    read("point", "vec4<u32>"),
    read("norms", "f32"),
    read("ids", "u32"),
    write("nearest", "f32"),
    write("partials", "vec2<u32>"),
    ...(residuals ? [read("residuals", "vec4<f32>")] : []),
  ],
  params: [
    "rows",
    "chunks",
    "first",
    "firstPartial",
    "update",
    "key",
    "twins",
    "seed",
    "draw",
    "residualChunks",
  ],
  helpers: [layout(precision), argmax(stepLanes, subgroups), gumbel].join("\n"),
  main: /* wgsl */ `
  let row = group * ${stepLanes}u + lane;
  var key = lowest;
  var found = noRow;
  if (row < params.rows) {
    var held = nearest[row];
    if (held >= 0.0 && params.update != 0u) {
      let about = point[params.chunks * 2u];
      if (about.y == params.first + row) {
        held = -1.0;
      } else {
        ${residuals ? gradientDistance(precision) : plainDistance(precision)}
        held = select(min(held, squared), squared, params.update == ${updates.replace}u);
      }
      nearest[row] = held;
    }
    if (held >= 0.0) {
      found = params.first + row;
      switch params.key {
        case ${keys.distance}u: { key = held; }
        case ${keys.closeness}u: { key = -held; }
        case ${keys.norm}u: { key = norms[row]; }
        default: { if (held > 0.0) { key = log(held) + gumbel(params.seed, params.draw, ids[row]); } }
      }
    }
  }
  let best = argmax(key, found, lane);
  if (lane == 0u) { partials[params.firstPartial + group] = vec2<u32>(bitcast<u32>(best.key), best.row); }`,
});

const overChunks = (precision: Precision, each: string) => /* wgsl */ `
        var at = startOf(row, params.chunks);
        var sums0 = vec4<f32>(0.0);
        var sums1 = vec4<f32>(0.0);
        for (var chunk = 0u; chunk < params.chunks; chunk++) {
          ${loadChunk(precision)}
          let y0 = bitcast<vec4<f32>>(point[chunk * 2u]);
          let y1 = bitcast<vec4<f32>>(point[chunk * 2u + 1u]);
          ${each}
          at += chunkWords;
        }`;

const plainDistance = (precision: Precision) => /* wgsl */ `
        ${overChunks(
          precision,
          `let gap0 = x0 - y0;
          let gap1 = x1 - y1;
          sums0 = fma(gap0, gap0, sums0);
          sums1 = fma(gap1, gap1, sums1);`,
        )}
        var squared = total(sums0 + sums1);
        let norm = norms[row] + bitcast<f32>(about.x);
        if (params.twins != 0u && squared <= ${coincidence} * norm) { squared = 0.0; }`;

// ‖d_i‖²‖x_i‖² + ‖d_j‖²‖x_j‖² − 2 (d_i·d_j)(x_i·x_j); sums in the order the norms were made in, so that twins
// are at 0 or within rounding of it.
const gradientDistance = (precision: Precision) => /* wgsl */ `
        ${overChunks(precision, `sums0 = fma(x0, y0, sums0);\n          sums1 = fma(x1, y1, sums1);`)}
        var residual = vec4<f32>(0.0);
        var place = (row / 64u) * params.residualChunks * 64u + row % 64u;
        for (var chunk = 0u; chunk < params.residualChunks; chunk++) {
          residual = fma(residuals[place], bitcast<vec4<f32>>(point[params.chunks * 2u + 1u + chunk]), residual);
          place += 64u;
        }
        let norm = norms[row] + bitcast<f32>(about.x);
        var squared = norm - 2.0 * (total(residual) * total(sums0 + sums1));
        if (squared <= ${coincidence} * norm) { squared = 0.0; }`;
