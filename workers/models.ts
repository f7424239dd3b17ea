// Pretrained models from picked files: what they say of themselves, how they see an item, and keeping one.

import {
  modelIdOf,
  type ModelInput,
  type ModelSurvey,
  type PixelInput,
  type PretrainedModel,
} from "../src/core/pretrained";
import type { Model } from "../src/core/learning/model";
import type { ItemKind } from "../src/core/project";
import type { TfjsArtifacts } from "../src/formats/export";
import { ModelFolder, UnusableModel, type ModelFile } from "../src/formats/models/model-files";
import { recogniseModel } from "../src/formats/models/recognise-model";
import type { Database } from "../src/storage/database";
import { loadModel, loadModelFiles, saveModel } from "../src/storage/model-store";
import type { ImageInput } from "./encoders/encoder";
import { openPretrained, testPicture, type PretrainedEncoder } from "./encoders/pretrained/open-pretrained";
import { resize } from "./encoders/pretrained/prepare-pixels";
import type { Surveyed } from "./encoders/pretrained/tfjs-survey";
import { hashBytes } from "./importing/hash";

/** What the person settled on. */
export interface ModelChoice {
  readonly name: string;
  readonly cut: string;
  readonly input: ModelInput;
}

/** @throws UnusableModel where the files are no model that can be used for items of this kind. */
export async function surveyModel(files: readonly ModelFile[], kind: ItemKind): Promise<ModelSurvey> {
  return (await survey(files, kind)).survey;
}

async function survey(
  files: readonly ModelFile[],
  kind: ItemKind,
): Promise<Surveyed & { readonly folder: ModelFolder }> {
  const { folder, family } = recogniseModel(files);
  const surveyed = family === "tfjs" ? await surveyTfjsFolder(folder) : await surveyOnnxFolder(folder, kind);
  if (surveyed.survey.kind !== kind) {
    const of = { image: "images", text: "texts" };
    throw new UnusableModel(
      `${surveyed.survey.name} is a model of ${of[surveyed.survey.kind]}, and this project's items are ${of[kind]}. Choose another model.`,
    );
  }
  return { ...surveyed, folder };
}

async function surveyTfjsFolder(folder: ModelFolder): Promise<Surveyed> {
  const { surveyTfjs } = await import("./encoders/pretrained/tfjs-survey");
  return surveyTfjs(folder);
}

async function surveyOnnxFolder(folder: ModelFolder, kind: ItemKind): Promise<Surveyed> {
  const { surveyOnnx } = await import("./encoders/pretrained/onnx-survey");
  return surveyOnnx(folder, kind);
}

/** What a preview shows: RGBA at the model's size, and the range of the numbers the model would get. */
export interface SeenImage {
  readonly pixels: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  readonly least: number;
  readonly most: number;
}

/** An image as the model would see it. */
export function previewImage(image: ImageInput, input: PixelInput): SeenImage {
  const { width, height, channels, scale, mean, deviation } = input;
  const colors = resize(image, input);
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255);
  let least = Infinity;
  let most = -Infinity;
  for (let at = 0; at < width * height; at++) {
    const [r, g, b] = [colors[at * 3]!, colors[at * 3 + 1]!, colors[at * 3 + 2]!];
    const grey = 0.299 * r + 0.587 * g + 0.114 * b;
    const seen = channels === 1 ? [grey, grey, grey] : [r, g, b];
    pixels.set(seen, at * 4);
    for (let channel = 0; channel < channels; channel++) {
      const value = (seen[channel]! * scale - mean[channel]!) / deviation[channel]!;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  }
  return { pixels, width, height, least, most };
}

/**
 * Tries the model on a made-up item and keeps it.
 * @throws UnusableModel where it does not run or gives no numbers, StorageFull.
 */
export async function addModel(
  database: Database,
  files: readonly ModelFile[],
  kind: ItemKind,
  choice: ModelChoice,
  now: number,
): Promise<PretrainedModel> {
  const { folder, paths, survey: found } = await survey(files, kind);
  const kept = new ModelFolder(
    folder.name,
    paths.map((path) => [path, folder.blob(path)] as const),
  );
  const model: PretrainedModel = {
    ...choice,
    id: await identify(kept, choice),
    format: found.format,
    kind,
    precision: found.precision,
    dims: 0,
    files: paths.map((path) => ({ path, sizeBytes: folder.sizeOf(path) })),
    sizeBytes: found.sizeBytes,
    addedAt: now,
  };
  const opened = await openPretrained(model, kept);
  try {
    await throwIfMute(opened);
    const tried = { ...model, dims: opened.encoder.dims };
    await saveModel(database, tried, (path) => kept.blob(path));
    return tried;
  } finally {
    opened.close();
  }
}

/** Other files, another cut or another input make another encoder; the name does not. */
export async function identify(
  folder: ModelFolder,
  { cut, input }: Pick<PretrainedModel, "cut" | "input">,
): Promise<string> {
  const parts: string[] = [];
  for (const path of [...folder.paths].sort()) parts.push(path, await hashBytes(await folder.bytes(path)));
  const text = JSON.stringify([parts, cut, input]);
  return modelIdOf(await hashBytes(new TextEncoder().encode(text).buffer as ArrayBuffer));
}

async function throwIfMute({ encoder }: PretrainedEncoder): Promise<void> {
  const row =
    encoder.kind === "image"
      ? await encoder.encode([testPicture(64, 48)], {})
      : await encoder.encode(["A few words to try the model on."], {});
  if (row.every((value) => value === 0))
    throw new UnusableModel(
      "The model runs but gives no usable numbers (all zero, infinite or not a number). It may be damaged, or in a precision this machine does not hold; take its float32 form.",
    );
}

/** A head behind a stored TensorFlow.js model, as one. @throws UnusableModel where they cannot be joined. */
export async function joinStoredModel(
  database: Database,
  modelId: string,
  head: Model,
): Promise<TfjsArtifacts & { readonly encoder: PretrainedModel }> {
  const { model: encoder, folder } = await loadStoredModel(database, modelId);
  const { input } = encoder;
  if (encoder.format === "onnx" || input.kind !== "image")
    throw new UnusableModel(
      `“${encoder.name}” is an ONNX model, and only a TensorFlow.js one can go into a TensorFlow.js file. Export encoder and model as ONNX, or the model alone.`,
    );
  const { joinTfjs } = await import("./encoders/pretrained/tfjs-join");
  return { ...(await joinTfjs(folder, encoder.cut, input, head)), encoder };
}

/** @throws where the model is not on this computer any more. */
export async function loadStoredModel(
  database: Database,
  modelId: string,
): Promise<{ readonly model: PretrainedModel; readonly folder: ModelFolder }> {
  const model = await loadModel(database, modelId);
  if (!model)
    throw new Error(
      "The model this project uses is not on this computer. Add it again under Settings, or choose another encoder there.",
    );
  return { model, folder: new ModelFolder(model.name, await loadModelFiles(database, model)) };
}

/** @throws where the model is not on this computer any more. */
export async function openStoredModel(database: Database, modelId: string): Promise<PretrainedEncoder> {
  const { model, folder } = await loadStoredModel(database, modelId);
  return openPretrained(model, folder);
}
