// The trained head as a TensorFlow.js layers model: its dense layers, with all that is needed to use them
// elsewhere written beside them. The encoder is not in it.

import type { LinearLayer } from "../../core/kernels/kernels";
import { denseLayersOf } from "../../core/learning/model";
import type { Exporter, ExportedHead, ExportSource } from "../export";
import { zipStream, type NewEntry } from "../zip-stream";

export const exporter: Exporter = {
  id: "tfjs-head",
  label: "Trained model (TensorFlow.js)",
  summary:
    "The classifier over embeddings as model.json and weights.bin for TensorFlow.js, with the class names and how to load it.",
  kinds: ["image", "text"],
  group: "model",
  needsHead: true,
  extension: ".zip",
  mime: "application/zip",
  write(source, stop) {
    const { head } = source;
    if (head === null) throw new Error("There is no trained model to export. Answer a few questions first.");
    const layers = denseLayersOf(head.model);
    if (layers === null)
      throw new Error(
        "TensorFlow.js holds models made of layers, and this one asks the nearest labelled items. Choose another kind of model in the project's settings, let it learn, and export again.",
      );
    return zipStream(entriesOf(head, layers, source), source.createdAt, stop);
  },
};

async function* entriesOf(
  head: ExportedHead,
  layers: readonly LinearLayer[],
  source: ExportSource,
): AsyncGenerator<NewEntry> {
  yield { path: "model.json", content: json(modelJson(head, layers, source.appVersion)) };
  yield { path: "weights.bin", content: weightsOf(layers) };
  yield { path: "metadata.json", content: json(metadataOf(head, source)) };
  yield { path: "README.md", content: readme(head, source) };
}

/** What tf.loadLayersModel reads: a Keras topology whose first layer carries the input's shape. */
function modelJson({ model }: ExportedHead, layers: readonly LinearLayer[], appVersion: string): unknown {
  const names = layers.map((_, at) => (at === layers.length - 1 ? "head" : `hidden_${at + 1}`));
  const topology = layers.map((layer, at) => ({
    class_name: "Dense",
    config: {
      name: names[at],
      trainable: true,
      ...(at === 0 && { batch_input_shape: [null, layer.dims] }),
      dtype: "float32",
      units: layer.classes,
      activation: at === layers.length - 1 ? model.activation : "relu",
      use_bias: true,
      kernel_initializer: { class_name: "Zeros", config: {} },
      bias_initializer: { class_name: "Zeros", config: {} },
      kernel_regularizer: null,
      bias_regularizer: null,
      activity_regularizer: null,
      kernel_constraint: null,
      bias_constraint: null,
    },
  }));
  return {
    format: "layers-model",
    generatedBy: `Askwell ${appVersion}`,
    convertedBy: null,
    modelTopology: {
      class_name: "Sequential",
      config: { name: "askwell_head", layers: topology },
      keras_version: "tfjs-layers 4.22.0",
      backend: "tensor_flow.js",
    },
    weightsManifest: [
      {
        paths: ["weights.bin"],
        weights: layers.flatMap(({ dims, classes }, at) => [
          { name: `${names[at]}/kernel`, shape: [dims, classes], dtype: "float32" },
          { name: `${names[at]}/bias`, shape: [classes], dtype: "float32" },
        ]),
      },
    ],
  };
}

/** Kernel, then bias of each layer, little-endian: their own layout, since tfjs keeps dims × classes row-major too. */
function weightsOf(layers: readonly LinearLayer[]): Uint8Array<ArrayBuffer> {
  const values = layers.flatMap(({ weights, bias }) => [weights, bias]);
  const bytes = new Uint8Array(values.reduce((sum, part) => sum + part.byteLength, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const part of values) for (const value of part) view.setFloat32((at += 4) - 4, value, true);
  return bytes;
}

function metadataOf(head: ExportedHead, source: ExportSource): unknown {
  return {
    project: source.projectName,
    classes: head.classes,
    activation: head.model.activation,
    encoder: head.encoder,
    app: "Askwell",
    appVersion: source.appVersion,
    createdAt: new Date(source.createdAt).toISOString(),
  };
}

function readme(head: ExportedHead, source: ExportSource): string {
  const { encoder } = head;
  const { activation } = head.model;
  const answer =
    activation === "softmax"
      ? "probabilities that add up to 1; the largest is the answer"
      : "one probability per class, each for itself; above 0.5 means yes";
  return `# Classifier made with Askwell ${source.appVersion}

It takes vectors of ${encoder.dims} numbers made by the encoder \`${encoder.id}\`, version \`${encoder.version}\`,
and gives ${head.classes.length} ${answer}.
The class names, in order, are in \`metadata.json\`. The encoder is not included.

\`\`\`js
import * as tf from "@tensorflow/tfjs";

const model = await tf.loadLayersModel("model.json"); // weights.bin must lie beside it
const { classes } = await (await fetch("metadata.json")).json();

// embeddings: one row of ${encoder.dims} numbers an item, exactly as the encoder gives them
const scores = model.predict(tf.tensor2d(embeddings, [count, ${encoder.dims}]));
const probabilities = await scores.array();
const best = probabilities.map((row) => classes[row.indexOf(Math.max(...row))]);
\`\`\`

Vectors of another encoder, or another version of it, give nonsense without an error.
`;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
