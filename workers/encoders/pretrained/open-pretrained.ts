// Makes an encoder of a pretrained model's files. The libraries that run it are loaded here, and only the one
// that is needed.

import {
  isModelId,
  type PixelInput,
  type PretrainedModel,
  type TokenInput,
} from "../../../src/core/pretrained";
import type { ModelFolder } from "../../../src/formats/models/model-files";
import type { Encoder, EncoderState, ImageInput } from "../encoder";
import { scaleToUnitLength } from "../projection/unit-length";
import { prepareBatch } from "./prepare-pixels";
import { openChecked, type Device, type OpenedRunner, type Runner } from "./runner";

/** Raised when the same files and choices would give other embeddings. */
const version = 1;

export interface PretrainedEncoder {
  readonly encoder: Encoder;
  /** Where its embeddings are kept: by encoder, version and precision. */
  readonly encoderKey: string;
  readonly device: Device;
  /** Why a faster device is not used; null where there is nothing to say. */
  readonly note: string | null;
  close(): void;
}

/** How many items go through a model at once: enough to keep it busy, few enough for memory and for stopping soon. */
const batchItems = 8;

/** @throws UnusableModel */
export async function openPretrained(
  model: PretrainedModel,
  folder: ModelFolder,
): Promise<PretrainedEncoder> {
  if (!isModelId(model.id)) throw new Error(`"${model.id}" is no id of a pretrained model.`);
  return model.input.kind === "text"
    ? openTextModel(model, model.input, folder)
    : openImageModel(model, model.input, folder);
}

async function openImageModel(
  model: PretrainedModel,
  input: PixelInput,
  folder: ModelFolder,
): Promise<PretrainedEncoder> {
  const { devices, open } =
    model.format === "onnx" ? await onnxImages(model, input, folder) : await tfjsImages(model, input, folder);
  const opened = await openChecked(devices, open, () =>
    prepareBatch([testPicture(input.width, input.height)], input),
  );
  const encoder: Encoder = {
    ...describe(model, opened.runner),
    kind: "image",
    // Twice its input, so that scaling down in the model's own way has something to work on.
    maxSide: 2 * Math.max(input.width, input.height, input.shorterSide),
    encode: (images) => encodeWith(opened.runner, prepareBatch(images, input), images.length),
  };
  return { encoder, ...about(model, opened) };
}

interface Opening<Prepared> {
  readonly devices: readonly Device[];
  readonly open: (device: Device) => Promise<Runner<Prepared>>;
}

async function tfjsImages(
  { cut }: PretrainedModel,
  input: PixelInput,
  folder: ModelFolder,
): Promise<Opening<Float32Array>> {
  const { openTfjsRunner } = await import("./tfjs-image");
  const { tfjsDevices } = await import("./tfjs-devices");
  return { devices: await tfjsDevices(), open: (device) => openTfjsRunner(folder, cut, input, device) };
}

async function onnxImages(
  model: PretrainedModel,
  input: PixelInput,
  folder: ModelFolder,
): Promise<Opening<Float32Array>> {
  const { onnxDevices, openSession } = await import("./onnx-session");
  const { createImageRunner } = await import("./onnx-image");
  return {
    devices: await onnxDevices(),
    open: async (device) =>
      createImageRunner(await openSession(folder, ...onnxOf(model), device), model.cut, input, device),
  };
}

async function openTextModel(
  model: PretrainedModel,
  input: TokenInput,
  folder: ModelFolder,
): Promise<PretrainedEncoder> {
  const { onnxDevices, openSession } = await import("./onnx-session");
  const { createTextRunner, openTokenizer } = await import("./onnx-text");
  const tokenize = await openTokenizer(folder, input.maxTokens);
  const opened = await openChecked(
    await onnxDevices(),
    async (device) =>
      createTextRunner(
        await openSession(folder, ...onnxOf(model), device),
        tokenize,
        model.cut,
        input,
        device,
      ),
    () => testTexts,
  );
  const encoder: Encoder = {
    ...describe(model, opened.runner),
    kind: "text",
    encode: (texts) => encodeWith(opened.runner, texts, texts.length),
  };
  return { encoder, ...about(model, opened) };
}

/** The .onnx file and all files beside it. */
function onnxOf({ files }: PretrainedModel): [onnx: string, paths: readonly string[]] {
  const paths = files.map(({ path }) => path);
  return [paths.find((path) => path.endsWith(".onnx")) ?? "", paths];
}

const testTexts = [
  "The parcel arrived two days late and the box was crushed.",
  "Wie lange dauert die Lieferung?",
  "42",
];

function describe(model: PretrainedModel, { dims }: { readonly dims: number }) {
  return {
    id: model.id,
    version,
    label: model.name,
    summary: "Trained elsewhere and added from this computer.",
    dims,
    batchItems,
    learn: () => Promise.resolve<EncoderState>({}),
  };
}

function about<Prepared>(model: PretrainedModel, { runner, note }: OpenedRunner<Prepared>) {
  return {
    encoderKey: `${model.id}@${version}/${model.precision}`,
    device: runner.device,
    note,
    close: () => runner.close(),
  };
}

/** Rows of length 1. A row with anything but numbers in it becomes all zeros, which the caller tells. */
async function encodeWith<Prepared>(
  runner: Runner<Prepared>,
  batch: Prepared,
  rows: number,
): Promise<Float32Array> {
  if (rows === 0) return new Float32Array(0);
  const values = new Float32Array(await runner.run(batch));
  for (let row = 0; row < rows; row++) {
    const own = values.subarray(row * runner.dims, (row + 1) * runner.dims);
    if (own.every(Number.isFinite)) scaleToUnitLength(own);
    else own.fill(0);
  }
  return values;
}

/** Something with shapes and colours in it, the same on every machine. */
export function testPicture(width: number, height: number): ImageInput {
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      const inside = (x - width / 2) ** 2 + (y - height / 3) ** 2 < (width / 4) ** 2;
      pixels[at] = inside ? 220 : (255 * x) / width;
      pixels[at + 1] = inside ? 60 : (255 * y) / height;
      pixels[at + 2] = (x >> 4) % 2 === (y >> 4) % 2 ? 200 : 40;
      pixels[at + 3] = 255;
    }
  return { pixels, width, height };
}
