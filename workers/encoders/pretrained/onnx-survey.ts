// What a Hugging Face folder in ONNX form says of itself: which of its outputs can be an embedding.

import type { ModelSurvey } from "../../../src/core/pretrained";
import type { ItemKind } from "../../../src/core/project";
import { readHuggingFace } from "../../../src/formats/models/hugging-face";
import { type ModelFolder, UnusableModel } from "../../../src/formats/models/model-files";
import { refuseLarge } from "../../../src/formats/models/recognise-model";
import { openTokenizer } from "./onnx-text";
import { openSession } from "./onnx-session";
import type { Surveyed } from "./tfjs-survey";

/** @throws UnusableModel */
export async function surveyOnnx(folder: ModelFolder, kind: ItemKind): Promise<Surveyed> {
  const found = await readHuggingFace(folder, kind);
  const { paths, onnx, input } = found;
  const sizeBytes = paths.reduce((sum, path) => sum + folder.sizeOf(path), 0);
  refuseLarge(sizeBytes, folder.name);
  if (input.kind === "text") await openTokenizer(folder, input.maxTokens);
  const session = await openSession(folder, onnx, paths, "wasm");
  const { outputNames } = session;
  session.close();
  const survey: ModelSurvey = {
    name: folder.name || "ONNX model",
    format: "onnx",
    kind,
    precision: found.precision,
    cuts: outputNames.map((id) => ({ id, label: id, dims: null })),
    cut: defaultOutput(outputNames, found.type),
    input,
    inputFrom: found.inputFrom,
    sizeBytes,
  };
  return { survey, paths };
}

/** What a model of several parts was trained to compare by; else the states, from which a row is pooled. */
function defaultOutput(names: readonly string[], type: string): string {
  // SigLIP pools by attention, which was trained with it; ViT's and BERT's pooler often was not.
  const pooled = /siglip/.test(type) ? ["pooler_output"] : [];
  const wanted = [
    "sentence_embedding",
    "image_embeds",
    "text_embeds",
    ...pooled,
    "last_hidden_state",
    "token_embeddings",
  ];
  const chosen = wanted.find((name) => names.includes(name)) ?? names[0];
  if (chosen === undefined) throw new UnusableModel("The model names no output.");
  return chosen;
}
