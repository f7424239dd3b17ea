// What all exporters of a trained model share: they need one, and say of it what somebody else must know to use it.

import type { StopSignal } from "../core/errors";
import type { LinearLayer } from "../core/kernels/kernels";
import { denseLayersOf, type Model } from "../core/learning/model";
import type { ExportedHead, Exporter, ExportSource } from "./export";

interface ModelExport extends Pick<
  Exporter,
  "id" | "label" | "summary" | "extension" | "mime" | "carriesTerms"
> {
  write(
    head: ExportedHead,
    source: ExportSource,
    stop: StopSignal | null,
  ): AsyncIterable<Uint8Array<ArrayBuffer>>;
}

export function modelExporter({ write, ...about }: ModelExport): Exporter {
  return {
    ...about,
    kinds: ["image", "text"],
    group: "model",
    needsHead: true,
    write(source, stop) {
      if (source.head === null)
        throw new Error("There is no trained model to export. Answer a few questions first.");
      return write(source.head, source, stop);
    },
  };
}

/** The layers of a model. @throws a sentence where it has none; `format` begins it: "An ONNX file". */
export function layersFor(model: Model, format: string): readonly LinearLayer[] {
  const layers = denseLayersOf(model);
  if (layers === null)
    throw new Error(
      `${format} holds layers, and a model of the kind “${model.kind}” is more than that. Choose another kind of model in the project's settings, let it learn, and export again.`,
    );
  return layers;
}

/** All a stranger needs beside the numbers. */
export interface ModelFacts {
  readonly project: string;
  readonly classes: readonly string[];
  readonly activation: "softmax" | "sigmoid";
  readonly encoder: ExportedHead["encoder"];
  readonly app: string;
  readonly appVersion: string;
  /** ISO 8601. */
  readonly createdAt: string;
}

export function factsOf(head: ExportedHead, source: ExportSource): ModelFacts {
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

/** What the probabilities are, as the end of a sentence. */
export function answerSentence(activation: "softmax" | "sigmoid"): string {
  return activation === "softmax"
    ? "probabilities that add up to 1; the largest is the answer"
    : "one probability per class, each for itself; above 0.5 means yes";
}
