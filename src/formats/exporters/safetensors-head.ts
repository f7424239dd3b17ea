// The trained head's numbers as safetensors, with what they mean as JSON beside them. For those who write their own
// few lines of arithmetic, in any language.

import type { Model } from "../../core/learning/model";
import type { ExportedHead, ExportSource } from "../export";
import { factsOf, layersFor, modelExporter } from "../model-export";
import { zipStream, type NewEntry } from "../zip-stream";

interface Tensor {
  readonly name: string;
  readonly dtype: "F32" | "U8";
  readonly shape: readonly number[];
  readonly values: Float32Array | Uint8Array;
}

export const exporter = modelExporter({
  id: "safetensors-head",
  label: "Trained model (safetensors)",
  summary:
    "The classifier's numbers as model.safetensors, and what they mean as model.json; read by safetensors in Python, Rust and JavaScript.",
  extension: ".zip",
  mime: "application/zip",
  write: (head, source, stop) => zipStream(entriesOf(head, source), source.createdAt, stop),
});

async function* entriesOf(head: ExportedHead, source: ExportSource): AsyncGenerator<NewEntry> {
  const facts = factsOf(head, source);
  yield {
    path: "model.safetensors",
    content: safetensors(tensorsOf(head.model), facts.classes),
    stored: true,
  };
  const { model } = head;
  const more = model.kind === "k-nearest" ? { k: model.k, temperature: model.temperature } : {};
  const described = { kind: model.kind, ...more, formula: formulaOf(model), ...facts };
  yield { path: "model.json", content: `${JSON.stringify(described, null, 2)}\n` };
}

function tensorsOf(model: Model): Tensor[] {
  if (model.kind === "k-nearest") {
    const rows = model.places.length;
    return [
      { name: "features", dtype: "F32", shape: [rows, model.dims], values: model.features },
      { name: "targets", dtype: "U8", shape: [rows, model.classes], values: model.targets },
    ];
  }
  return layersFor(model, "A safetensors file").flatMap(({ dims, classes, weights, bias }, at): Tensor[] => [
    { name: `layers.${at}.weight`, dtype: "F32", shape: [dims, classes], values: weights },
    { name: `layers.${at}.bias`, dtype: "F32", shape: [classes], values: bias },
  ]);
}

function formulaOf(model: Model): string {
  if (model.kind === "k-nearest")
    return "Of the k rows of features with the largest inner product s with x, each votes for its targets with weight max(0, s)^3. p = (votes + share) / (weights + 1), where share is the share of the labels each class has, at least 1 / (rows + 2) and at most 1 less that. logits = ln p (softmax) or ln(p / (1 - p)) (sigmoid), over temperature; activation as named.";
  return "x = embeddings; for each layer: x = x @ weight + bias, with max(0, x) between two layers; then the activation as named.";
}

/** Header length as uint64, the header as JSON, then the tensors end to end, little-endian. */
function safetensors(tensors: readonly Tensor[], classes: readonly string[]): Uint8Array<ArrayBuffer> {
  let at = 0;
  const described = tensors.map(({ name, dtype, shape, values }) => {
    const offsets = [at, (at += values.byteLength)];
    return [name, { dtype, shape, data_offsets: offsets }] as const;
  });
  const header = { __metadata__: { classes: JSON.stringify(classes) }, ...Object.fromEntries(described) };
  const json = JSON.stringify(header);
  const size = new TextEncoder().encode(json).length;
  // Spaces up to the next multiple of 8, so that the numbers behind are aligned.
  const head = new TextEncoder().encode(json + " ".repeat((8 - (size % 8)) % 8));
  const bytes = new Uint8Array(8 + head.length + at);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(head.length), true);
  bytes.set(head, 8);
  let next = 8 + head.length;
  for (const { values } of tensors) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), next);
    next += values.byteLength;
  }
  return bytes;
}
