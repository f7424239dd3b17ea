// Encoder and head as one ONNX model: the encoder as it was given, what makes one vector of its output, and the head.

import type { PretrainedModel, TokenInput } from "../../core/pretrained";
import type { EncoderFiles, ExportedHead } from "../export";
import { answerSentence, factsOf, modelExporter } from "../model-export";
import type { OnnxNode, OnnxTensor } from "../onnx";
import { headGraph, onnxMetadata, type Graph } from "../onnx-head-graph";
import { spliceOnnx, surveyOnnx, type OnnxOutput, type OnnxSurvey } from "../onnx-splice";

/** Before it, operators used here took other inputs. */
const lowestOpset = 9;
/** Nearest neighbours count with operators that came to their present form here. */
const lowestForNearest = 13;
const float32 = 1;
/** So that no name of the encoder's is taken. */
const prefix = "askwell_";

export const exporter = modelExporter({
  id: "onnx-joined",
  label: "Encoder and model in one (ONNX)",
  summary:
    "One .onnx file from the encoder's own inputs to probabilities, where the encoder was added in ONNX form; how its inputs are made is in its metadata.",
  extension: ".onnx",
  mime: "application/octet-stream",
  async *write(head, source) {
    if (!source.encoderFiles) throw new Error("This page cannot reach the encoder. Reload it and try again.");
    const files = await source.encoderFiles();
    const { model } = files;
    const bytes = await encoderBytes(files);
    const survey = await surveyOnnx(bytes);
    const output = outputOf(survey, model);
    throwIfTooOld(survey, head);
    const name = survey.names.has("probabilities") ? `${prefix}probabilities` : "probabilities";
    const parts = [pooled(output, survey, model, head.encoder.dims), prefixed(headGraph(head), name)];
    yield* spliceOnnx(bytes, {
      nodes: parts.flatMap(({ nodes }) => nodes),
      weights: parts.flatMap(({ weights }) => weights),
      output: { name, dims: head.classes.length },
      doc: `The encoder ${model.name} and a classifier made with Askwell: gives ${answerSentence(head.model.activation)}. The class names, in order, are the JSON list "classes" of the metadata; "input" there says how an item becomes the encoder's input.`,
      producerVersion: source.appVersion,
      metadata: onnxMetadata({ ...factsOf(head, source), encoderName: model.name, input: model.input }),
    });
  },
});

async function encoderBytes({ model, file }: EncoderFiles): Promise<Uint8Array<ArrayBuffer>> {
  const path = model.files.find((one) => one.path.endsWith(".onnx"))?.path;
  if (model.format !== "onnx" || path === undefined)
    throw new Error(
      `“${model.name}” is a TensorFlow.js model, and only an encoder in ONNX form can go into an ONNX file. Export encoder and model for TensorFlow.js, or the model alone.`,
    );
  return new Uint8Array(await file(path).arrayBuffer());
}

function outputOf({ outputs, hasExternalData }: OnnxSurvey, { name, cut }: PretrainedModel): OnnxOutput {
  if (hasExternalData)
    throw new Error(
      `“${name}” keeps its weights in files beside it, and this export is one file. Add the encoder in a form of one file, or export the model alone.`,
    );
  const output = outputs.find((one) => one.name === cut);
  if (!output)
    throw new Error(
      `“${name}” has no output called “${cut}” any more. Add the encoder again and let the model learn.`,
    );
  return output;
}

function throwIfTooOld({ opset }: OnnxSurvey, { model }: ExportedHead): void {
  const lowest = model.kind === "k-nearest" ? lowestForNearest : lowestOpset;
  if (opset < lowest)
    throw new Error(
      `The encoder is of ONNX operator set ${opset}, and this model needs ${lowest} or later. Convert the encoder to a newer one, or export the model alone.`,
    );
}

/** Names of the head's own get the prefix, but for the output. */
function prefixed({ nodes, weights }: Graph, output: string): Graph {
  const named = (name: string) => (name === "probabilities" ? output : `${prefix}${name}`);
  return {
    nodes: nodes.map((node) => ({
      ...node,
      inputs: node.inputs.map(named),
      outputs: node.outputs.map(named),
    })),
    weights: weights.map((weight) => ({ ...weight, name: named(weight.name) })),
  };
}

/** One row of length 1 an item, as the app makes of the same output: `askwell_embeddings`. */
function pooled(
  output: OnnxOutput,
  survey: OnnxSurvey,
  { name, input }: PretrainedModel,
  dims: number,
): Graph {
  if (output.rank === null || output.rank < 2 || output.rank > 4)
    throw new Error(
      `“${name}” does not say what shape its output “${output.name}” has, so nothing can be put behind it. Export the model alone.`,
    );
  const cast: OnnxNode[] =
    output.elementType === float32 ? [] : [node("Cast", [output.name], "states", { to: float32 })];
  const states = cast.length > 0 ? `${prefix}states` : output.name;
  const row = rowOf(states, output.rank, survey, input.kind === "text" ? input : null, name, dims);
  return {
    nodes: [...cast, ...row.nodes, node("LpNormalization", [row.row], "embeddings", { axis: 1, p: 2 })],
    weights: row.weights,
  };
}

function rowOf(
  states: string,
  rank: number,
  { inputs }: OnnxSurvey,
  text: TokenInput | null,
  name: string,
  dims: number,
): Graph & { readonly row: string } {
  if (rank === 2) return { row: states, nodes: [], weights: [] };
  if (rank === 4)
    return {
      row: `${prefix}row`,
      nodes: [
        node("GlobalAveragePool", [states], "places"),
        node("Flatten", [`${prefix}places`], "row", { axis: 1 }),
      ],
      weights: [],
    };
  if (text === null || text.pooling === "first")
    return {
      row: `${prefix}row`,
      nodes: [node("Gather", [states, `${prefix}first`], "row", { axis: 1 })],
      weights: [{ name: `${prefix}first`, dims: [], values: BigInt64Array.of(0n) }],
    };
  if (text.pooling !== "mean" || !inputs.includes("attention_mask"))
    throw new Error(
      `The vector of a text is ${text.pooling === "last" ? "the state of its last token" : "a mean over its tokens"} here, and “${name}” has no way to say in ONNX which tokens those are. Export the model alone.`,
    );
  // Their sum does for their mean, since the row is brought to length 1.
  return {
    row: `${prefix}row`,
    nodes: [
      node("Cast", ["attention_mask"], "counted", { to: float32 }),
      node("Reshape", [`${prefix}counted`, `${prefix}as_matrix`], "mask"),
      node("MatMul", [`${prefix}mask`, states], "sum"),
      node("Reshape", [`${prefix}sum`, `${prefix}as_row`], "row"),
    ],
    // 0 keeps what is there, -1 takes the rest.
    weights: [shape("as_matrix", [0, 1, -1]), shape("as_row", [0, dims])],
  };
}

function node(
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes?: OnnxNode["attributes"],
): OnnxNode {
  return { operator, inputs, outputs: [`${prefix}${output}`], ...(attributes ? { attributes } : {}) };
}

function shape(name: string, values: readonly number[]): OnnxTensor {
  return { name: `${prefix}${name}`, dims: [values.length], values: BigInt64Array.from(values, BigInt) };
}
