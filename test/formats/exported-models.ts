// Models of every kind with a pool to try them on, what the app says of it, and Python to run exports with.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { modelLogits, type EmbeddingModel } from "../../src/core/learning/model";
import { scoresFromLogits } from "../../src/core/kernels/scores";
import { createRandom } from "../../src/core/random";
import type { ExportedHead, Exporter } from "../../src/formats/export";
import { openZip } from "../../src/formats/zip";
import { sourceOf } from "./export-source";
import { gather } from "./read-all";

export const dims = 12;
export const rows = 9;
export const classes = ["cat", "höher, “dog”", "=bird", "👩‍🔬"];
const random = createRandom(23);
const normals = (count: number) => Float32Array.from({ length: count }, () => random.normal());
const layer = (inputs: number, outputs: number) => ({
  dims: inputs,
  classes: outputs,
  weights: normals(inputs * outputs),
  bias: normals(outputs),
});

const labelled = 20;
const nearest = {
  kind: "k-nearest",
  k: 5,
  dims,
  classes: classes.length,
  places: Uint32Array.from({ length: labelled }, (_, at) => at * 3),
  features: normals(labelled * dims),
  targets: Uint8Array.from({ length: labelled * classes.length }, (_, at) =>
    Math.floor(at / classes.length) % classes.length === at % classes.length ? 1 : 0,
  ),
  temperature: 1.7,
} as const;

export const models: readonly EmbeddingModel[] = (["softmax", "sigmoid"] as const).flatMap(
  (activation): EmbeddingModel[] => [
    { kind: "linear", layer: layer(dims, classes.length), activation },
    { kind: "mlp", hidden: layer(dims, 7), output: layer(7, classes.length), activation },
    { ...nearest, activation },
  ],
);
export const named = models.map((model) => [`${model.kind}, ${model.activation}`, model] as const);
export const withLayers = named.filter(([, { kind }]) => kind !== "k-nearest");
export const embeddings = normals(rows * dims);

export const headOf = (model: EmbeddingModel): ExportedHead => ({
  model,
  classes,
  encoder: { id: "text-hash", version: "1", dims },
});

export function expected(model: EmbeddingModel): Float32Array {
  return scoresFromLogits(modelLogits(model, embeddings, rows), rows, classes.length, model.activation)
    .probabilities;
}

export function expectSame(found: ArrayLike<number>, model: EmbeddingModel): void {
  const right = expected(model);
  expect(found).toHaveLength(right.length);
  expect(Math.max(...Array.from(right, (value, at) => Math.abs(value - found[at]!)))).toBeLessThan(1e-4);
}

export async function write(exporter: Exporter, model: EmbeddingModel): Promise<Blob> {
  return gather(exporter.write(sourceOf([], { head: headOf(model) }), null));
}

const python = "/usr/bin/python3";
export const hasNumpy = canRun("import numpy");
export const hasSklearn = canRun("import sklearn");

function canRun(code: string): boolean {
  try {
    execFileSync(python, ["-c", code], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

export interface PythonFolder {
  /** Runs Debian's Python there; what it printed. */
  run(...args: readonly string[]): string;
  /** Unpacks an exported zip into it; its paths in order. */
  unpack(file: Blob): Promise<string[]>;
  close(): void;
}

/** A folder with the embeddings in x.npy. */
export function openPythonFolder(): PythonFolder {
  const folder = mkdtempSync(join(tmpdir(), "askwell-models-"));
  const run = (...args: readonly string[]) => execFileSync(python, args, { cwd: folder, encoding: "utf8" });
  writeFileSync(join(folder, "x.f32"), embeddings);
  run("-c", `import numpy as np; np.save("x.npy", np.fromfile("x.f32", "<f4").reshape(${rows}, ${dims}))`);
  return {
    run,
    async unpack(file) {
      const archive = await openZip(file);
      for (const entry of archive.entries) writeFileSync(join(folder, entry.path), await entry.read(1e8));
      return archive.entries.map(({ path }) => path);
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
