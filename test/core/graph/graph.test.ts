// The neighbour graph on a handful of points, and what is done along its edges against plain linear algebra.

import { expect, test } from "vitest";
import { Stopped } from "../../../src/core/errors";
import {
  averageOverNeighbours,
  buildNeighbourGraph,
  graphFromNearest,
  spread,
  type NeighbourGraph,
} from "../../../src/core/graph/graph";
import { createRandom } from "../../../src/core/random";
import { kernels, onCircle, uploadPoints } from "../make-pool";
import { quickGraph } from "../quick-graph";

/** Row by row: each neighbour with the weight of its edge. */
function edgesOf({ rows, offsets, neighbours, weights }: NeighbourGraph) {
  return Array.from({ length: rows }, (_, row) =>
    Array.from(neighbours.subarray(offsets[row]!, offsets[row + 1]!), (other, at) => [
      other,
      weights[offsets[row]! + at]!,
    ]),
  );
}

test("edges stand on both ends once, with cos³ divided by the roots of both degrees", () => {
  // 0 and 1 name each other, 2 names 0, and 3 has nobody: its place is filled up with itself.
  const graph = graphFromNearest(Uint32Array.of(1, 0, 0, 3), Float32Array.of(0.5, 0.5, 1, -Infinity), 4);
  // Degrees: 0 has 0.125 + 1, 1 has 0.125, 2 has 1.
  const weak = 0.125 / Math.sqrt(1.125 * 0.125);
  const strong = 1 / Math.sqrt(1.125);
  const edges = edgesOf(graph);
  expect(edges.map((ofRow) => ofRow.map(([other]) => other))).toEqual([[1, 2], [0], [0], []]);
  [weak, strong].forEach((weight, at) => expect(edges[0]![at]![1]).toBeCloseTo(weight, 6));
  expect(edges[1]![0]![1]).toBeCloseTo(weak, 6);
});

test("what points away is no neighbour", () => {
  expect(edgesOf(graphFromNearest(Uint32Array.of(1, 0), Float32Array.of(-0.2, -0.2), 2))).toEqual([[], []]);
  expect(graphFromNearest(new Uint32Array(0), new Float32Array(0), 0).offsets).toEqual(Uint32Array.of(0));
});

test("is built from the kernels, the same as by hand", async () => {
  const random = createRandom(4);
  const points = Array.from({ length: 700 }, () => onCircle(random.next() * 360));
  const matrix = await uploadPoints(points);
  let pauses = 0;
  const pause = async () => void pauses++;
  const values = Float32Array.from(points.flat());
  const built = await buildNeighbourGraph(matrix, values, { kernels, stop: null, pause });
  expect(pauses).toBe(1);
  const quick = quickGraph(values, points.length, 2);
  expect(built.offsets.length).toBe(701);
  // On a circle float64 and float32 may see equally near rows in another order; the edges are nearly all shared.
  const edges = (graph: NeighbourGraph) =>
    new Set(edgesOf(graph).flatMap((ofRow, row) => ofRow.map(([other]) => `${row} ${other}`)));
  const [one, other] = [edges(built), edges(quick)];
  expect([...one].filter((edge) => other.has(edge)).length).toBeGreaterThan(0.99 * one.size);
  const stop = { aborted: true };
  await expect(buildNeighbourGraph(matrix, values, { kernels, stop })).rejects.toThrow(Stopped);
});

test("averaging goes half way to the mean of the neighbours, at length 1", () => {
  const graph = graphFromNearest(Uint32Array.of(1, 0, 2), Float32Array.of(1, 1, -Infinity), 3);
  const values = Float32Array.of(1, 0, 0, 1, 3, 4);
  const averaged = averageOverNeighbours(graph, values, 2, Uint32Array.of(2, 0));
  [0.6, 0.8, Math.SQRT1_2, Math.SQRT1_2].forEach((value, at) => expect(averaged[at]).toBeCloseTo(value, 6));
});

test("spreading solves F = α S F + (1 − α) F₀", () => {
  const random = createRandom(7);
  const points = Float32Array.from(Array.from({ length: 60 }, () => onCircle(random.next() * 90)).flat());
  const graph = quickGraph(points, 60, 2);
  for (const columns of [1, 4, 7]) {
    const sources = Float32Array.from({ length: 60 * columns }, () => (random.next() < 0.1 ? 1 : 0));
    const before = sources.slice();
    const exact = repeat(graph, sources, columns, 400);
    const found = spread(graph, sources, 0.9, 30, null);
    found.forEach((value, at) => expect(Math.abs(value - exact[at]!)).toBeLessThan(1e-5));
    // 8 turns leave at most 2 · 0.627⁸ of it.
    const short = spread(graph, sources, 0.9, 8, null);
    const error = Math.hypot(...exact.map((value, at) => value - short[at]!));
    expect(error).toBeLessThan(0.047 * Math.hypot(...exact));
    expect(sources).toEqual(before);
  }
  expect(() => spread(graph, new Float32Array(60), 0.9, 3, { aborted: true })).toThrow(Stopped);
});

/** The plain way: F ← 0.9 S F + 0.1 F₀. */
function repeat(
  { rows, offsets, neighbours, weights }: NeighbourGraph,
  sources: Float32Array,
  columns: number,
  turns: number,
) {
  let now = Float64Array.from(sources);
  for (let turn = 0; turn < turns; turn++) {
    const next = Float64Array.from(sources, (value) => 0.1 * value);
    for (let row = 0; row < rows; row++)
      for (let edge = offsets[row]!; edge < offsets[row + 1]!; edge++)
        for (let c = 0; c < columns; c++)
          next[row * columns + c]! += 0.9 * weights[edge]! * now[neighbours[edge]! * columns + c]!;
    now = next;
  }
  return now;
}
