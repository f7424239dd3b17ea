// Encoder and head as one TensorFlow.js model, with all that is needed to use it elsewhere written beside it.

import type { PretrainedModel } from "../../core/pretrained";
import type { ExportedHead, ExportSource, TfjsArtifacts } from "../export";
import { answerSentence, factsOf, modelExporter } from "../model-export";
import { zipStream, type NewEntry } from "../zip-stream";

export const exporter = modelExporter({
  id: "tfjs-joined",
  label: "Encoder and model in one (TensorFlow.js)",
  summary:
    "model.json and weights.bin from pixels to probabilities, where the encoder is a TensorFlow.js model; how the pixels are made is in metadata.json.",
  extension: ".zip",
  mime: "application/zip",
  write(head, source, stop) {
    if (!source.joinTfjs) throw new Error("This page cannot reach the encoder. Reload it and try again.");
    return zipStream(entriesOf(head, source, source.joinTfjs), source.createdAt, stop);
  },
});

async function* entriesOf(
  head: ExportedHead,
  source: ExportSource,
  join: NonNullable<ExportSource["joinTfjs"]>,
): AsyncGenerator<NewEntry> {
  const { encoder, ...artifacts } = await join(head);
  const { name, input } = encoder;
  yield { path: "model.json", content: json(modelJson(artifacts, source.appVersion)) };
  yield { path: "weights.bin", content: new Uint8Array(artifacts.weights) };
  yield {
    path: "metadata.json",
    content: json({ ...factsOf(head, source), encoderName: name, input }),
  };
  yield { path: "README.md", content: readme(head, source, encoder, artifacts.format) };
}

function modelJson({ format, topology, signature, weightSpecs }: TfjsArtifacts, appVersion: string): object {
  return {
    format,
    generatedBy: `Askwell ${appVersion}`,
    convertedBy: null,
    ...(signature && { signature }),
    modelTopology: topology,
    weightsManifest: [{ paths: ["weights.bin"], weights: weightSpecs }],
  };
}

function readme(
  { model, classes }: ExportedHead,
  { appVersion }: ExportSource,
  { name, input }: PretrainedModel,
  format: TfjsArtifacts["format"],
): string {
  const load = format === "layers-model" ? "loadLayersModel" : "loadGraphModel";
  const size = input.kind === "image" ? `${input.width} × ${input.height} pixels` : "its input";
  return `# Encoder and classifier made with Askwell ${appVersion}

The encoder \`${name}\` with a classifier behind it: takes images of ${size}, prepared as \`input\` in
\`metadata.json\` says, and gives ${classes.length} ${answerSentence(model.activation)}. The class names, in order,
are in \`metadata.json\` too.

\`\`\`js
import * as tf from "@tensorflow/tfjs";

const model = await tf.${load}("model.json"); // weights.bin must lie beside it
const probabilities = await model.predict(pixels).array();
\`\`\`
`;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
