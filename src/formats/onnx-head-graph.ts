// The head as ONNX operators, from `embeddings` to `probabilities`.

import type { LinearLayer } from "../core/kernels/kernels";
import type { NearestModel } from "../core/learning/model";
import { classShares } from "../core/learning/nearest-logits";
import type { ExportedHead } from "./export";
import { layersFor } from "./model-export";
import type { OnnxModel, OnnxNode, OnnxTensor } from "./onnx";

export type Graph = Pick<OnnxModel, "nodes" | "weights">;

/** ONNX keeps strings only; what is none becomes JSON. */
export function onnxMetadata(facts: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(facts).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

export function headGraph({ model }: ExportedHead): Graph {
  const { nodes, weights } =
    model.kind === "k-nearest" ? nearest(model) : dense(layersFor(model, "An ONNX file"));
  const last: OnnxNode =
    model.activation === "softmax"
      ? { operator: "Softmax", inputs: ["logits"], outputs: ["probabilities"], attributes: { axis: 1 } }
      : { operator: "Sigmoid", inputs: ["logits"], outputs: ["probabilities"] };
  return { nodes: [...nodes, last], weights };
}

function dense(layers: readonly LinearLayer[]): Graph {
  const nodes: OnnxNode[] = [];
  let input = "embeddings";
  for (const at of layers.keys()) {
    const isLast = at === layers.length - 1;
    const output = isLast ? "logits" : `hidden_${at + 1}`;
    nodes.push({ operator: "Gemm", inputs: [input, `weights_${at}`, `bias_${at}`], outputs: [output] });
    input = isLast ? output : `active_${at + 1}`;
    if (!isLast) nodes.push({ operator: "Relu", inputs: [output], outputs: [input] });
  }
  const weights = layers.flatMap(({ dims, classes, weights, bias }, at) => [
    { name: `weights_${at}`, dims: [dims, classes], values: weights },
    { name: `bias_${at}`, dims: [classes], values: bias },
  ]);
  return { nodes, weights };
}

/** The formula of core/learning/nearest-logits.ts, operator by operator. */
function nearest(model: NearestModel): Graph {
  const { dims, classes, k, targets, features, temperature, activation } = model;
  const rows = model.places.length;
  const floats = (name: string, dimensions: readonly number[], values: ArrayLike<number>): OnnxTensor => ({
    name,
    dims: dimensions,
    values: Float32Array.from(values),
  });
  const whole = (name: string, value: number): OnnxTensor => ({
    name,
    dims: [1],
    values: BigInt64Array.of(BigInt(value)),
  });
  const node = (operator: string, inputs: readonly string[], output: string): OnnxNode => ({
    operator,
    inputs,
    outputs: [output],
  });
  const votes = [
    { ...node("Gemm", ["embeddings", "labelled"], "products"), attributes: { transB: 1 } },
    { operator: "TopK", inputs: ["products", "k"], outputs: ["best", "voters"] },
    node("Relu", ["best"], "above"),
    node("Pow", ["above", "three"], "weight"),
    node("Gather", ["targets", "voters"], "said"),
    node("Unsqueeze", ["weight", "last_axis"], "weight_column"),
    node("Mul", ["said", "weight_column"], "votes"),
    { ...node("ReduceSum", ["votes", "voter_axis"], "sum"), attributes: { keepdims: 0 } },
    node("ReduceSum", ["weight", "voter_axis"], "total"),
    node("Add", ["sum", "shares"], "counted"),
    node("Add", ["total", "one"], "all"),
    node("Div", ["counted", "all"], "share"),
  ];
  const logits =
    activation === "softmax"
      ? [node("Log", ["share"], "log")]
      : [
          node("Sub", ["one", "share"], "rest"),
          node("Div", ["share", "rest"], "odds"),
          node("Log", ["odds"], "log"),
        ];
  return {
    nodes: [...votes, ...logits, node("Div", ["log", "temperature"], "logits")],
    weights: [
      floats("labelled", [rows, dims], features),
      floats("targets", [rows, classes], targets),
      floats("shares", [classes], classShares(model)),
      floats("temperature", [1], [temperature]),
      floats("three", [1], [3]),
      floats("one", [1], [1]),
      whole("k", Math.min(k, rows)),
      whole("last_axis", 2),
      whole("voter_axis", 1),
    ],
  };
}
