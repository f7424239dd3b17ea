// What a TensorFlow.js model says of itself: where it can be cut and what images it takes.

import type { ModelSurvey } from "../../../src/core/pretrained";
import { guessInput, readTfjsInput } from "../../../src/formats/models/image-input";
import type { ModelFolder } from "../../../src/formats/models/model-files";
import { openCutModel } from "./tfjs-image";
import { tfjsDevices, useTfjsDevice } from "./tfjs-devices";

/** What is known of a model, and which of the picked files it needs. */
export interface Surveyed {
  readonly survey: ModelSurvey;
  readonly paths: readonly string[];
}

/** @throws UnusableModel */
export async function surveyTfjs(folder: ModelFolder): Promise<Surveyed> {
  const devices = await tfjsDevices();
  // Only its structure is looked at, which any device does.
  await useTfjsDevice(devices.at(-1)!);
  const { model, opened } = await openCutModel(folder);
  const { shape, cuts, cut, holdsRescaling } = opened;
  opened.dispose();
  const guess = guessInput(shape, holdsRescaling ? "bytes" : "signed");
  const found = await readTfjsInput(folder, guess);
  const paths = [
    "model.json",
    ...model.shards,
    ...["metadata.json", "preprocessor_config.json"].filter((path) => folder.has(path)),
  ];
  return {
    paths,
    survey: {
      name: folder.name || "TensorFlow.js model",
      format: model.format,
      kind: "image",
      precision: model.precision,
      cuts,
      cut,
      input: found.input,
      inputFrom: found.from ?? (holdsRescaling ? "a layer of the model" : null),
      sizeBytes: paths.reduce((sum, path) => sum + folder.sizeOf(path), 0),
    },
  };
}
