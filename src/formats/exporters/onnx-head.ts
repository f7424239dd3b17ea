// The trained head as an ONNX model: embeddings in, probabilities out. The encoder is not in it.

import { answerSentence, factsOf, modelExporter } from "../model-export";
import { onnxOpset, writeOnnx } from "../onnx";
import { headGraph, onnxMetadata } from "../onnx-head-graph";

export const exporter = modelExporter({
  id: "onnx-head",
  label: "Trained model (ONNX)",
  summary: `The classifier over embeddings as one .onnx file (operator set ${onnxOpset}) for ONNX Runtime in any language; class names are in its metadata.`,
  extension: ".onnx",
  mime: "application/octet-stream",
  async *write(head, source) {
    const facts = factsOf(head, source);
    const { model, encoder } = head;
    yield await writeOnnx({
      name: "askwell_head",
      doc: `Takes vectors of ${encoder.dims} numbers made by the encoder ${encoder.id}, version ${encoder.version}, and gives ${answerSentence(model.activation)}. The class names, in order, are the JSON list "classes" of the metadata.`,
      producerVersion: source.appVersion,
      metadata: onnxMetadata(facts),
      ...headGraph(head),
      input: { name: "embeddings", dims: encoder.dims },
      output: { name: "probabilities", dims: head.classes.length },
    });
  },
});
