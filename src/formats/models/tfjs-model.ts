// Reads a TensorFlow.js model from disk: model.json, its shards, and what stands beside it about its input. Only
// data goes in: no code of a model file is ever run.

import type { Precision } from "../../core/pretrained";
import { type ModelFolder, UnusableModel } from "./model-files";

export interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: { readonly dtype: string };
}

export interface TfjsModel {
  readonly format: "tfjs-layers" | "tfjs-graph";
  readonly topology: Record<string, unknown>;
  readonly signature: Record<string, unknown> | null;
  readonly weightSpecs: readonly WeightSpec[];
  /** Paths of the shards in order, relative to the folder. */
  readonly shards: readonly string[];
  readonly precision: Precision;
}

const bytesOf: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  complex64: 8,
  bool: 1,
  float16: 2,
  uint16: 2,
  uint8: 1,
};

/** Reads model.json and checks that every shard is there and whole. @throws UnusableModel */
export async function readTfjsModel(folder: ModelFolder): Promise<TfjsModel> {
  const json = await folder.json("model.json");
  const topology = json["modelTopology"];
  const manifest = json["weightsManifest"];
  if (typeof topology !== "object" || topology === null || !Array.isArray(manifest))
    throw new UnusableModel(
      "model.json is not a TensorFlow.js model: it names no layers (modelTopology) or no weights (weightsManifest).",
    );
  const groups = manifest as { paths?: unknown; weights?: unknown }[];
  const shards: string[] = [];
  const weightSpecs: WeightSpec[] = [];
  for (const { paths, weights } of groups) {
    if (!Array.isArray(paths) || !Array.isArray(weights))
      throw new UnusableModel(
        "model.json is damaged: a part of its weightsManifest has no paths or no weights.",
      );
    checkShards(folder, paths as string[], weights as WeightSpec[]);
    shards.push(...(paths as string[]));
    weightSpecs.push(...(weights as WeightSpec[]));
  }
  return {
    format: formatOf(json, topology as Record<string, unknown>),
    topology: topology as Record<string, unknown>,
    signature: signatureOf(json),
    weightSpecs,
    shards,
    precision: precisionOf(weightSpecs),
  };
}

/** Older converters put it into the metadata. */
function signatureOf(json: Record<string, unknown>): Record<string, unknown> | null {
  const metadata = json["userDefinedMetadata"] as { signature?: Record<string, unknown> } | undefined;
  return (json["signature"] as Record<string, unknown> | undefined) ?? metadata?.signature ?? null;
}

function formatOf(json: Record<string, unknown>, topology: Record<string, unknown>): TfjsModel["format"] {
  if (json["format"] === "graph-model" || Array.isArray(topology["node"])) return "tfjs-graph";
  if (json["format"] === "layers-model" || "model_config" in topology || "class_name" in topology)
    return "tfjs-layers";
  throw new UnusableModel(
    `model.json is a model in the form "${String(json["format"])}", which is neither a layers nor a graph model of TensorFlow.js.`,
  );
}

function checkShards(folder: ModelFolder, paths: readonly string[], weights: readonly WeightSpec[]): void {
  const missing = paths.filter((path) => !folder.has(path));
  if (missing.length > 0) {
    const named = missing.slice(0, 3).join(", ") + (missing.length > 3 ? " and others" : "");
    throw new UnusableModel(
      `${missing.length} of the model's ${paths.length} weight files ${missing.length === 1 ? "is" : "are"} missing: ${named}. Choose the whole folder, or copy it again.`,
    );
  }
  const found = paths.reduce((sum, path) => sum + folder.sizeOf(path), 0);
  const wanted = weights.reduce((sum, spec) => sum + sizeOf(spec), 0);
  // Strings have no fixed size; only the library can tell whether they are whole.
  if (Number.isNaN(wanted) || found === wanted) return;
  throw new UnusableModel(
    `The weight files hold ${found.toLocaleString("en")} bytes where model.json names ${wanted.toLocaleString("en")}: they are cut off or belong to another model. Copy the folder again.`,
  );
}

function sizeOf({ shape, dtype, quantization }: WeightSpec): number {
  const each = bytesOf[quantization?.dtype ?? dtype] ?? Number.NaN;
  return shape.reduce((product, side) => product * side, 1) * each;
}

function precisionOf(specs: readonly WeightSpec[]): Precision {
  const dtypes = new Set(specs.map(({ quantization }) => quantization?.dtype));
  if (dtypes.has("uint8")) return "int8";
  return dtypes.has("float16") || dtypes.has("uint16") ? "float16" : "float32";
}

/** All shards as one piece, as the library takes them. */
export async function readShards(folder: ModelFolder, shards: readonly string[]): Promise<ArrayBuffer> {
  const whole = new Uint8Array(shards.reduce((sum, path) => sum + folder.sizeOf(path), 0));
  let at = 0;
  for (const path of shards) {
    const bytes = new Uint8Array(await folder.bytes(path));
    whole.set(bytes, at);
    at += bytes.length;
  }
  return whole.buffer;
}
