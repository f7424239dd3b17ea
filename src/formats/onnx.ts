// Writes ONNX models: the few messages of onnx.proto3 that a small classifier needs, as protocol buffers.

import type { PbfWriter } from "pbf";

/** Of the default operator set; every operator used here means the same in later ones. */
export const onnxOpset = 13;
/** The file format that came with it, read by ONNX Runtime 1.7 and later. */
const irVersion = 7;

const elementTypes = { float: 1, int64: 7 } as const;

export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: Float32Array | BigInt64Array;
}

export interface OnnxNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Whole numbers, one or a list. */
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
}

export interface OnnxModel {
  readonly name: string;
  readonly doc: string;
  readonly producerVersion: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly nodes: readonly OnnxNode[];
  readonly weights: readonly OnnxTensor[];
  /** float32, items × dims, as many items as one likes. */
  readonly input: { readonly name: string; readonly dims: number };
  readonly output: { readonly name: string; readonly dims: number };
}

/** What is put behind another graph: its nodes, weights and output, as fields of GraphProto. */
export async function writeGraphFields(
  graph: Pick<OnnxModel, "nodes" | "weights" | "output">,
): Promise<Uint8Array<ArrayBuffer>> {
  const { PbfWriter: Writer } = await import("pbf");
  const writer = new Writer();
  for (const node of graph.nodes) writer.writeMessage(1, writeNode, node);
  for (const tensor of graph.weights) writer.writeMessage(5, writeTensor, tensor);
  writer.writeMessage(12, writeValue, graph.output);
  return new Uint8Array(writer.finish());
}

/** What is said of a model, as fields of ModelProto. */
export async function writeModelFields(
  about: Pick<OnnxModel, "doc" | "producerVersion" | "metadata">,
): Promise<Uint8Array<ArrayBuffer>> {
  const { PbfWriter: Writer } = await import("pbf");
  const writer = new Writer();
  writeAbout(about, writer);
  return new Uint8Array(writer.finish());
}

/** The model as the bytes of a .onnx file. Loads the protocol buffer writer when first called. */
export async function writeOnnx(model: OnnxModel): Promise<Uint8Array<ArrayBuffer>> {
  const { PbfWriter: Writer } = await import("pbf");
  const writer = new Writer();
  writer.writeVarintField(1, irVersion);
  writeAbout(model, writer);
  writer.writeMessage(7, writeGraph, model);
  writer.writeMessage(8, (opset: number, one) => one.writeVarintField(2, opset), onnxOpset);
  return new Uint8Array(writer.finish());
}

function writeAbout(
  { doc, producerVersion, metadata }: Pick<OnnxModel, "doc" | "producerVersion" | "metadata">,
  writer: PbfWriter,
): void {
  writer.writeStringField(2, "Askwell");
  writer.writeStringField(3, producerVersion);
  writer.writeStringField(6, doc);
  for (const [key, value] of Object.entries(metadata)) writer.writeMessage(14, writePair, { key, value });
}

function writeGraph(model: OnnxModel, writer: PbfWriter): void {
  for (const node of model.nodes) writer.writeMessage(1, writeNode, node);
  writer.writeStringField(2, model.name);
  for (const tensor of model.weights) writer.writeMessage(5, writeTensor, tensor);
  writer.writeMessage(11, writeValue, model.input);
  writer.writeMessage(12, writeValue, model.output);
}

function writeNode({ operator, inputs, outputs, attributes = {} }: OnnxNode, writer: PbfWriter): void {
  for (const input of inputs) writer.writeStringField(1, input);
  for (const output of outputs) writer.writeStringField(2, output);
  writer.writeStringField(3, `${operator}_${outputs[0]}`);
  writer.writeStringField(4, operator);
  for (const [name, value] of Object.entries(attributes))
    writer.writeMessage(5, writeAttribute, { name, value });
}

function writeAttribute(
  { name, value }: { readonly name: string; readonly value: number | readonly number[] },
  writer: PbfWriter,
): void {
  writer.writeStringField(1, name);
  if (typeof value === "number") writer.writeVarintField(3, value);
  else for (const one of value) writer.writeVarintField(8, one);
  // AttributeProto.INT and INTS.
  writer.writeVarintField(20, typeof value === "number" ? 2 : 7);
}

function writeTensor({ name, dims, values }: OnnxTensor, writer: PbfWriter): void {
  for (const dim of dims) writer.writeVarintField(1, dim);
  writer.writeVarintField(2, values instanceof Float32Array ? elementTypes.float : elementTypes.int64);
  writer.writeStringField(8, name);
  // Little-endian by definition, as typed arrays are on every machine a browser runs on.
  writer.writeBytesField(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

function writeValue(
  { name, dims }: { readonly name: string; readonly dims: number },
  writer: PbfWriter,
): void {
  writer.writeStringField(1, name);
  writer.writeMessage(2, (_, type) => type.writeMessage(1, writeTensorType, dims), null);
}

/** float32 of items × dims. */
function writeTensorType(dims: number, writer: PbfWriter): void {
  writer.writeVarintField(1, elementTypes.float);
  writer.writeMessage(
    2,
    (size: number, shape) => {
      shape.writeMessage(1, (name: string, dim) => dim.writeStringField(2, name), "items");
      shape.writeMessage(1, (value: number, dim) => dim.writeVarintField(1, value), size);
    },
    dims,
  );
}

function writePair(
  { key, value }: { readonly key: string; readonly value: string },
  writer: PbfWriter,
): void {
  writer.writeStringField(1, key);
  writer.writeStringField(2, value);
}
