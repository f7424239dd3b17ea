// Puts a head behind a TensorFlow.js graph model: nodes of the same form appended at the cut, so that the two are one
// graph model that any program loads. What stood behind the cut is left out.

import * as tf from "@tensorflow/tfjs-core";
import type { Activation, LinearLayer } from "../../../src/core/kernels/kernels";
import type { PixelInput } from "../../../src/core/pretrained";
import type { TfjsArtifacts } from "../../../src/formats/export";
import { UnusableModel } from "../../../src/formats/models/model-files";
import type { TfjsModel, WeightSpec } from "../../../src/formats/models/tfjs-model";
import { executeTo, holdsLoops, loadGraph, nodesOf, type GraphNode } from "./tfjs-graph";

const floats = { type: "DT_FLOAT" };
const ints = { type: "DT_INT32" };
/** Keeps a row of zeros as it is, as the app does; below it float32 knows no squares. */
const leastSquares = 1e-30;

/**
 * @param cut the node whose values the head was fitted on.
 * @throws UnusableModel where the graph holds loops or takes its values from several inputs.
 */
export async function joinGraph(
  model: TfjsModel,
  weights: ArrayBuffer,
  cut: string,
  input: PixelInput,
  head: readonly LinearLayer[],
  activation: Activation,
): Promise<TfjsArtifacts> {
  const all = nodesOf(model);
  const nodes = upTo(cut, all);
  const images = nodes.filter(({ op }) => op === "Placeholder");
  if (images.length !== 1)
    throw new UnusableModel(
      `The encoder takes ${images.length} inputs up to “${cut}”, and only one of images can be joined. Export the model alone.`,
    );
  const image = images[0]!;
  const { rank, dims } = await shapeAt(model, weights, image.name, cut, input);
  if (dims !== head[0]!.dims)
    throw new UnusableModel(
      `“${cut}” gives ${dims} numbers and this model reads ${head[0]!.dims}: it was fitted at another place of the encoder. Let it learn again, and export then.`,
    );
  const tail = new Tail(new Set(all.map(({ name }) => name)));
  let row = tail.unitRows(rank === 2 ? cut : tail.mean(cut, rank));
  for (const [at, layer] of head.entries()) {
    row = tail.dense(row, layer);
    if (at < head.length - 1) row = tail.add("Relu", "hidden", [row]);
  }
  const answer = tail.add(activation === "softmax" ? "Softmax" : "Sigmoid", "probabilities", [row]);
  const classes = head.at(-1)!.classes;
  const size = (side: number) => ({ size: String(side) });
  return {
    format: "graph-model",
    topology: { ...model.topology, node: [...nodes, ...tail.nodes] },
    signature: {
      inputs: model.signature?.["inputs"] ?? { image: { name: `${image.name}:0`, dtype: "DT_FLOAT" } },
      outputs: {
        probabilities: {
          name: `${answer}:0`,
          dtype: "DT_FLOAT",
          tensorShape: { dim: [size(-1), size(classes)] },
        },
      },
    },
    weightSpecs: [...model.weightSpecs, ...tail.specs],
    weights: tf.io.concatenateArrayBuffers([weights, ...tail.values]),
  };
}

/** The nodes that the cut's values come from, in their order. */
function upTo(cut: string, all: readonly GraphNode[]): readonly GraphNode[] {
  const byName = new Map(all.map((node) => [node.name, node]));
  const wanted = new Set<string>();
  const open = [cut];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (wanted.has(name)) continue;
    wanted.add(name);
    // `^name` only says what runs before, `name:1` which of a node's values is meant.
    for (const input of byName.get(name)?.input ?? [])
      open.push(input.replace(/^\^/, "").replace(/:\d+$/, ""));
  }
  return all.filter(({ name }) => wanted.has(name));
}

/** What the cut gives for one image: only a run can tell. */
async function shapeAt(
  model: TfjsModel,
  weights: ArrayBuffer,
  image: string,
  cut: string,
  { height, width, channels }: PixelInput,
): Promise<{ readonly rank: number; readonly dims: number }> {
  const loaded = await loadGraph(model, weights);
  const blank = tf.zeros([1, height, width, channels]);
  try {
    const values = await executeTo(loaded, { [image]: blank }, cut, holdsLoops(nodesOf(model)));
    const { rank, shape } = values;
    values.dispose();
    return { rank, dims: shape.at(-1)! };
  } finally {
    blank.dispose();
    loaded.dispose();
  }
}

/** The nodes behind the cut with their weights, under names that the graph does not have yet. */
class Tail {
  readonly nodes: GraphNode[] = [];
  readonly specs: WeightSpec[] = [];
  readonly values: ArrayBuffer[] = [];
  readonly #taken: Set<string>;

  constructor(taken: Set<string>) {
    this.#taken = taken;
  }

  /** @returns the name of the node. */
  add(op: string, name: string, input: readonly string[], attr: object = {}): string {
    let own = `askwell_${name}`;
    for (let at = 2; this.#taken.has(own); at++) own = `askwell_${name}_${at}`;
    this.#taken.add(own);
    this.nodes.push({ name: own, op, input, attr: { T: floats, ...attr } });
    return own;
  }

  /** The mean over places and positions, as the app makes rows of such values. */
  mean(of: string, rank: number): string {
    const axes = Array.from({ length: rank - 2 }, (_, at) => at + 1);
    return this.#reduce("Mean", "row", of, axes, false);
  }

  /** Rows of Euclidean length 1. */
  unitRows(rows: string): string {
    const squares = this.add("Mul", "squares", [rows, rows]);
    const sums = this.#reduce("Sum", "square_sums", squares, [1], true);
    const least = this.#constant("least_squares", Float32Array.of(leastSquares), []);
    const kept = this.add("Maximum", "kept_squares", [sums, least]);
    return this.add("Mul", "unit_rows", [rows, this.add("Rsqrt", "scale", [kept])]);
  }

  dense(rows: string, { dims, classes, weights, bias }: LinearLayer): string {
    const kernel = this.#constant("weights", weights, [dims, classes]);
    const transposed = { transpose_a: { b: false }, transpose_b: { b: false } };
    const product = this.add("MatMul", "product", [rows, kernel], transposed);
    return this.add("AddV2", "logits", [product, this.#constant("bias", bias, [classes])]);
  }

  #reduce(op: string, name: string, of: string, axes: readonly number[], keep: boolean): string {
    const over = this.#constant(`${name}_axes`, Int32Array.from(axes), [axes.length]);
    return this.add(op, name, [of, over], { Tidx: ints, keep_dims: { b: keep } });
  }

  #constant(name: string, values: Float32Array | Int32Array, shape: readonly number[]): string {
    const dtype = values instanceof Float32Array ? floats : ints;
    const dim = shape.map((size) => ({ size: String(size) }));
    const own = this.add("Const", name, [], {
      dtype,
      value: { tensor: { dtype: dtype.type, tensorShape: { dim } } },
    });
    this.specs.push({ name: own, shape, dtype: dtype === floats ? "float32" : "int32" });
    this.values.push(values.slice().buffer as ArrayBuffer);
    return own;
  }
}
