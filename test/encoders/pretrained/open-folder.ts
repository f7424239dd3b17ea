// A pretrained model from a folder on disk, opened by the app's own runner: for measurements outside the browser.

import { resolve } from "node:path";
import type { PretrainedModel } from "../../../src/core/pretrained";
import type { ItemKind } from "../../../src/core/project";
import { recogniseModel } from "../../../src/formats/models/recognise-model";
import type { Encoder } from "../../../workers/encoders/encoder";
import { openPretrained } from "../../../workers/encoders/pretrained/open-pretrained";
import { surveyModel } from "../../../workers/models";
import { pickFolder } from "./pick-folder";

/**
 * @param folder of one TF.js or ONNX model; its name is the encoder's.
 * @throws Error, with a sentence, where there is no model for such items.
 */
export async function openModelFolder(
  folder: string,
  kind: ItemKind,
): Promise<{ encoder: Encoder; device: string }> {
  const full = resolve(folder);
  const files = pickFolder(full);
  const found = await surveyModel(files, kind);
  const model: PretrainedModel = { ...found, id: "model-0123456789abcdef", dims: 0, files: [], addedAt: 0 };
  const { encoder, device } = await openPretrained(model, recogniseModel(files).folder);
  const name = full.split("/").at(-1)!;
  return { encoder: { ...encoder, id: name, label: name }, device };
}
