// Puts a head behind a TensorFlow.js model, so that the two are one model of the same form that any program loads.

import * as tf from "@tensorflow/tfjs-core";
import { layers as makeLayer, model as makeModel, type SymbolicTensor } from "@tensorflow/tfjs-layers";
import type { Activation, LinearLayer } from "../../../src/core/kernels/kernels";
import { denseLayersOf, type Model } from "../../../src/core/learning/model";
import type { TfjsArtifacts } from "../../../src/formats/export";
import type { PixelInput } from "../../../src/core/pretrained";
import { UnusableModel, type ModelFolder } from "../../../src/formats/models/model-files";
import { readShards, readTfjsModel } from "../../../src/formats/models/tfjs-model";
import { useTfjsDevice } from "./tfjs-devices";
import { joinGraph } from "./tfjs-graph-join";
import { openAtCut } from "./tfjs-layers";

/**
 * @param input what the encoder is given, where it is a graph.
 * @throws UnusableModel where encoder or head cannot be joined.
 */
export async function joinTfjs(
  folder: ModelFolder,
  cut: string,
  input: PixelInput,
  head: Model,
): Promise<TfjsArtifacts> {
  const model = await readTfjsModel(folder);
  const dense = denseLayersOf(head);
  if (dense === null)
    throw new UnusableModel(
      "TensorFlow.js holds models made of layers, and this one asks the nearest labelled items. Choose another kind of model in the project's settings, let it learn, and export again.",
    );
  await useTfjsDevice("cpu");
  const weights = await readShards(folder, model.shards);
  if (model.format === "tfjs-graph") return joinGraph(model, weights, cut, input, dense, head.activation);
  const opened = await openAtCut(model, weights, cut);
  try {
    const answer = headBehind(rowOf(opened.output), dense, head.activation);
    return await artifactsOf(opened.input, answer);
  } finally {
    opened.dispose();
  }
}

/** One row an item, as the app makes of the same values: the mean over places and positions. */
function rowOf(output: SymbolicTensor): SymbolicTensor {
  const name = "askwell_row";
  if (output.rank === 4) return makeLayer.globalAveragePooling2d({ name }).apply(output) as SymbolicTensor;
  if (output.rank === 3) return makeLayer.globalAveragePooling1d({ name }).apply(output) as SymbolicTensor;
  return output;
}

/**
 * The head takes rows of length 1, and there is no layer that makes them. What a row of length 1 gives a column of
 * weights is their cosine times the column's length, and there is a layer for cosines between two inputs: the
 * second is the columns themselves, made by layers that add a bias to nothing.
 */
function headBehind(
  row: SymbolicTensor,
  [first, ...rest]: readonly LinearLayer[],
  activation: Activation,
): SymbolicTensor {
  const { dims, classes, weights, bias } = first!;
  const nothing = dense("askwell_nothing", row, 1, [tf.zeros([dims, 1])], { useBias: false });
  const size = dims * classes;
  const columns = dense("askwell_columns", nothing, size, [tf.zeros([1, size]), tf.tensor1d(weights)]);
  const matrix = makeLayer
    .reshape({ name: "askwell_matrix", targetShape: [dims, classes] })
    .apply(columns) as SymbolicTensor;
  const cosines = makeLayer
    .dot({ name: "askwell_cosines", axes: [1, 1], normalize: true })
    .apply([row, matrix]) as SymbolicTensor;
  const lengths = Array.from({ length: classes }, (_, column) =>
    Math.hypot(...Array.from({ length: dims }, (_, at) => weights[at * classes + column]!)),
  );
  const scale = tf.tidy(() => tf.diag(tf.tensor1d(lengths)) as tf.Tensor2D);
  let values = dense(
    rest.length > 0 ? "askwell_hidden_1" : "askwell_head",
    cosines,
    classes,
    [scale, tf.tensor1d(bias)],
    {
      activation: rest.length > 0 ? "relu" : activation,
    },
  );
  for (const [at, layer] of rest.entries()) {
    const isLast = at === rest.length - 1;
    const kernel = tf.tensor2d(layer.weights, [layer.dims, layer.classes]);
    const name = isLast ? "askwell_head" : `askwell_hidden_${at + 2}`;
    values = dense(name, values, layer.classes, [kernel, tf.tensor1d(layer.bias)], {
      activation: isLast ? activation : "relu",
    });
  }
  return values;
}

function dense(
  name: string,
  input: SymbolicTensor,
  units: number,
  values: readonly tf.Tensor[],
  options: { readonly activation?: Activation | "relu"; readonly useBias?: boolean } = {},
): SymbolicTensor {
  const layer = makeLayer.dense({ name, units, kernelInitializer: "zeros", ...options });
  const output = layer.apply(input) as SymbolicTensor;
  layer.setWeights([...values]);
  tf.dispose([...values]);
  return output;
}

async function artifactsOf(input: SymbolicTensor, output: SymbolicTensor): Promise<TfjsArtifacts> {
  const joined = makeModel({ inputs: input, outputs: output, name: "askwell_joined" });
  let found: TfjsArtifacts | null = null;
  await joined.save({
    save: async ({ modelTopology, weightSpecs, weightData }) => {
      found = {
        format: "layers-model",
        topology: modelTopology as object,
        weightSpecs: weightSpecs ?? [],
        weights: tf.io.concatenateArrayBuffers([weightData ?? []].flat()),
      };
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" as const } };
    },
  });
  if (!found) throw new Error("TensorFlow.js did not give the joined model.");
  return found;
}
