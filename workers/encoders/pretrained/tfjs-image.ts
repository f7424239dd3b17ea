// Opens a TensorFlow.js model of images, layers or graph, and runs it on batches of prepared pixels.

import * as tf from "@tensorflow/tfjs-core";
import type { PixelInput } from "../../../src/core/pretrained";
import { type ModelFolder, UnusableModel } from "../../../src/formats/models/model-files";
import { readShards, readTfjsModel, type TfjsModel } from "../../../src/formats/models/tfjs-model";
import type { Device, Runner } from "./runner";
import type { CutModel } from "./tfjs-cut";
import { throwIfDeviceFailed, useTfjsDevice } from "./tfjs-devices";
import { openGraphModel } from "./tfjs-graph";
import { openLayersModel } from "./tfjs-layers";

/** @throws UnusableModel */
export async function openCutModel(
  folder: ModelFolder,
): Promise<{ readonly model: TfjsModel; readonly opened: CutModel }> {
  const model = await readTfjsModel(folder);
  const weights = await readShards(folder, model.shards);
  const opened =
    model.format === "tfjs-layers"
      ? await openLayersModel(model, weights)
      : await openGraphModel(model, weights);
  return { model, opened };
}

/** @throws UnusableModel where the model does not take such an input. */
export async function openTfjsRunner(
  folder: ModelFolder,
  cut: string,
  input: PixelInput,
  device: Device,
): Promise<Runner<Float32Array>> {
  await useTfjsDevice(device);
  const { opened } = await openCutModel(folder);
  const { width, height, channels } = input;
  const each = width * height * channels;

  async function run(pixels: Float32Array): Promise<Float32Array> {
    // Another model may have moved the library to another device meanwhile.
    await useTfjsDevice(device);
    const batch = tf.tensor4d(pixels, [pixels.length / each, height, width, channels]);
    let rows: tf.Tensor2D | null = null;
    try {
      rows = await opened.forward(batch, cut);
      const values = (await rows.data()) as Float32Array;
      throwIfDeviceFailed(device);
      return values;
    } finally {
      batch.dispose();
      rows?.dispose();
    }
  }

  try {
    const first = await run(new Float32Array(each));
    return { device, dims: first.length, run, close: () => opened.dispose() };
  } catch (error) {
    opened.dispose();
    if (error instanceof UnusableModel) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new UnusableModel(
      `The model does not take images of ${width} × ${height} × ${channels}: ${message} Choose the size it was made for.`,
      { cause: error },
    );
  }
}
