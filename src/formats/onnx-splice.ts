// Reads just enough of an ONNX model to put more behind it, and does so: its own bytes go over as they are, so that
// whatever it is made of stays what it was.

import type { PbfReader } from "pbf";
import { writeGraphFields, writeModelFields, type OnnxModel } from "./onnx";

/** Of ModelProto. */
const modelField = { producerName: 2, producerVersion: 3, doc: 6, graph: 7, opset: 8, metadata: 14 };
/** Of GraphProto. */
const graphField = { node: 1, initializer: 5, input: 11, output: 12 };

export interface OnnxOutput {
  readonly name: string;
  /** As TensorProto numbers them: 1 is float32, 10 float16. */
  readonly elementType: number;
  /** null where the model does not say. */
  readonly rank: number | null;
}

export interface OnnxSurvey {
  /** Of the default operator set. */
  readonly opset: number;
  readonly inputs: readonly string[];
  readonly outputs: readonly OnnxOutput[];
  /** Every value a node gives, and every weight. */
  readonly names: ReadonlySet<string>;
  /** Whether weights lie in files beside it. */
  readonly hasExternalData: boolean;
}

interface Field {
  readonly number: number;
  /** With its tag. */
  readonly start: number;
  readonly end: number;
}

type Reader = typeof PbfReader;

/** @throws where the bytes are no ONNX model. */
export async function surveyOnnx(bytes: Uint8Array): Promise<OnnxSurvey> {
  const { PbfReader: Protobuf } = await import("pbf");
  const graph = graphOf(Protobuf, bytes);
  const found = {
    opset: 1,
    inputs: [] as string[],
    outputs: [] as OnnxOutput[],
    names: new Set<string>(),
    hasExternalData: false,
  };
  new Protobuf(bytes).readFields((field, _, reader) => {
    if (field !== modelField.opset) return;
    const set = reader.readMessage(readOpset, { domain: "", version: 1 });
    if (set.domain === "" || set.domain === "ai.onnx") found.opset = set.version;
  }, null);
  new Protobuf(graph).readFields((field, _, reader) => {
    if (field === graphField.node)
      for (const name of reader.readMessage(readOutputs, [] as string[])) found.names.add(name);
    else if (field === graphField.initializer) {
      const { name, external } = reader.readMessage(readInitializer, { name: "", external: false });
      found.names.add(name);
      found.hasExternalData ||= external;
    } else if (field === graphField.input) found.inputs.push(reader.readMessage(readValue, anyValue()).name);
    else if (field === graphField.output) found.outputs.push(reader.readMessage(readValue, anyValue()));
  }, null);
  return found;
}

/**
 * The model with these nodes behind its own; its outputs give way to the one named here.
 * @throws where the bytes are no ONNX model.
 */
export async function* spliceOnnx(
  bytes: Uint8Array<ArrayBuffer>,
  more: Pick<OnnxModel, "nodes" | "weights" | "output" | "doc" | "producerVersion" | "metadata">,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { PbfReader: Protobuf, PbfWriter: Writer } = await import("pbf");
  const { producerName, producerVersion, doc, graph: graphNumber, metadata } = modelField;
  const ours = [producerName, producerVersion, doc, graphNumber, metadata];
  for (const { number, start, end } of fieldsOf(Protobuf, bytes))
    if (!ours.includes(number)) yield bytes.subarray(start, end);
  yield await writeModelFields(more);
  const graph = graphOf(Protobuf, bytes);
  const kept = fieldsOf(Protobuf, graph).filter(({ number }) => number !== graphField.output);
  const added = await writeGraphFields(more);
  const length = kept.reduce((sum, { start, end }) => sum + end - start, added.length);
  const head = new Writer();
  // Of the wire type "bytes": a length, then as many.
  head.writeVarint((graphNumber << 3) | 2);
  head.writeVarint(length);
  yield new Uint8Array(head.finish());
  for (const { start, end } of kept) yield graph.subarray(start, end);
  yield added;
}

function graphOf(Protobuf: Reader, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const graphs: Uint8Array[] = [];
  try {
    new Protobuf(bytes).readFields((field, _, reader) => {
      if (field === modelField.graph) graphs.push(reader.readBytes());
    }, null);
  } catch (cause) {
    throw new Error("The encoder's file is no ONNX model, or it is damaged. Add the encoder again.", {
      cause,
    });
  }
  const [graph] = graphs;
  if (graphs.length !== 1 || !graph)
    throw new Error("The encoder's file is no ONNX model, or it is damaged. Add the encoder again.");
  return graph as Uint8Array<ArrayBuffer>;
}

function fieldsOf(Protobuf: Reader, bytes: Uint8Array): Field[] {
  const reader = new Protobuf(bytes);
  const fields: Field[] = [];
  while (reader.pos < reader.length) {
    const start = reader.pos;
    const tag = reader.readVarint();
    reader.skip(tag);
    fields.push({ number: tag >>> 3, start, end: reader.pos });
  }
  return fields;
}

function readOpset(field: number, set: { domain: string; version: number }, reader: PbfReader): void {
  if (field === 1) set.domain = reader.readString();
  else if (field === 2) set.version = reader.readVarint();
}

function readOutputs(field: number, names: string[], reader: PbfReader): void {
  if (field === 2) names.push(reader.readString());
}

function readInitializer(
  field: number,
  tensor: { name: string; external: boolean },
  reader: PbfReader,
): void {
  if (field === 8) tensor.name = reader.readString();
  else if (field === 14) tensor.external = reader.readVarint() === 1;
}

type Value = { -readonly [Key in keyof OnnxOutput]: OnnxOutput[Key] };

const anyValue = (): Value => ({ name: "", elementType: 0, rank: null });

/** ValueInfoProto: its name, and of its type the tensor's. */
function readValue(field: number, value: Value, reader: PbfReader): void {
  if (field === 1) value.name = reader.readString();
  else if (field === 2)
    reader.readMessage((kind, _, type) => {
      if (kind === 1) type.readMessage(readTensorType, value);
    }, null);
}

function readTensorType(field: number, value: Value, reader: PbfReader): void {
  if (field === 1) value.elementType = reader.readVarint();
  else if (field === 2) {
    value.rank = 0;
    reader.readMessage((dimension) => {
      if (dimension === 1) value.rank = value.rank! + 1;
    }, null);
  }
}
