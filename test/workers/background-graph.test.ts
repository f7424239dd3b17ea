// The neighbour graph beside the rounds: read where it was kept, made and kept where it was not.

import { expect, test, vi } from "vitest";
import type { NeighbourGraph } from "../../src/core/graph/graph";
import { createReferenceKernels } from "../../src/core/kernels/reference-kernels";
import { createBackgroundGraph, type GraphShelf } from "../../workers/background-graph";
import { makePool } from "../bench/pool";

const { values, rows, dims } = makePool(60, 8, 3, "clusters");
const kept: NeighbourGraph = {
  rows,
  offsets: new Uint32Array(rows + 1),
  neighbours: new Uint32Array(0),
  weights: new Float32Array(0),
};

async function open(shelf: Partial<GraphShelf>) {
  const kernels = createReferenceKernels();
  const nearest = vi.spyOn(kernels, "nearest");
  const matrix = await kernels.upload(values, rows, dims);
  const saved: NeighbourGraph[] = [];
  const graph = createBackgroundGraph(matrix, values, kernels, {
    load: async () => null,
    save: async (one) => void saved.push(one),
    ...shelf,
  });
  return { graph, nearest, saved };
}

test("one that was kept is read, and nothing is made", async () => {
  const { graph, nearest, saved } = await open({ load: async () => kept });
  expect(await graph.ready()).toBe(kept);
  expect(await graph.finished()).toBe(kept);
  expect(nearest).not.toHaveBeenCalled();
  expect(saved).toEqual([]);
});

test("one that was not is made once and kept", async () => {
  const { graph, nearest, saved } = await open({});
  const made = await graph.ready();
  expect(made!.neighbours.length).toBeGreaterThan(rows);
  expect(await graph.finished()).toBe(made);
  expect(saved).toEqual([made]);
  expect(nearest).toHaveBeenCalledTimes(1);
});

test("storage that fails is told of, and the graph is there all the same", async () => {
  const told = vi.spyOn(console, "error").mockReturnValue(undefined);
  const failing = async () => {
    throw new Error("The disk is full.");
  };
  const { graph } = await open({ load: failing, save: failing });
  expect((await graph.ready())!.neighbours.length).toBeGreaterThan(rows);
  expect(told.mock.calls.map(([text]) => text)).toEqual([
    "The neighbour graph could not be read:",
    "The neighbour graph could not be kept:",
  ]);
  told.mockRestore();
});
