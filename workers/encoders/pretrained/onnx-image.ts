// Runs an ONNX model of images: pixels in, one row out.

import type { PixelInput } from "../../../src/core/pretrained";
import { UnusableModel } from "../../../src/formats/models/model-files";
import type { OnnxOutput, OnnxSession } from "./onnx-session";
import type { Device, Runner } from "./runner";

/** @throws UnusableModel */
export async function createImageRunner(
  session: OnnxSession,
  output: string,
  { width, height, channels }: PixelInput,
  device: Device,
): Promise<Runner<Float32Array>> {
  const { ort, inputNames } = session;
  const [name] = inputNames;
  if (name === undefined || inputNames.length > 1)
    throw new UnusableModel(
      `The model wants ${inputNames.length} inputs (${inputNames.join(", ")}); one that takes images alone is needed, such as vision_model.onnx.`,
    );
  const each = width * height * channels;
  async function run(pixels: Float32Array): Promise<Float32Array> {
    const batch = new ort.Tensor("float32", pixels, [pixels.length / each, channels, height, width]);
    return toRows(await session.run({ [name!]: batch }, output));
  }
  const probe = await run(new Float32Array(each));
  return { device, dims: probe.length, run, close: () => session.close() };
}

/** Of the states of an image's parts the first, which stands for the whole; of values over places their mean. */
function toRows({ values, dims }: OnnxOutput): Float32Array {
  if (dims.length === 2) return values;
  const [rows, second, third] = dims as [number, number, number];
  if (dims.length === 3) {
    const first = new Float32Array(rows * third);
    for (let row = 0; row < rows; row++)
      first.set(values.subarray(row * second * third, row * second * third + third), row * third);
    return first;
  }
  if (dims.length === 4) {
    const places = third * dims[3]!;
    return Float32Array.from({ length: rows * second }, (_, at) => {
      const own = values.subarray(at * places, (at + 1) * places);
      return own.reduce((sum, value) => sum + value, 0) / places;
    });
  }
  throw new UnusableModel(
    `The model's output has the shape ${dims.join(" × ")}, which is no embedding. Choose another output.`,
  );
}
