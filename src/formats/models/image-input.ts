// How a model wants its images: read from what stands beside it (preprocessor_config.json, or the metadata of a
// Teachable Machine export), else a guess for the person to look at.

import type { PixelInput } from "../../core/pretrained";
import type { ModelFolder } from "./model-files";

export interface FoundInput {
  readonly input: PixelInput;
  /** The file that said so; null for a guess. */
  readonly from: string | null;
}

export interface PixelRange {
  readonly id: string;
  readonly label: string;
  readonly scale: number;
  /** Of red, green and blue. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

const imageNet = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] };
const ones = [1, 1, 1];
const zeros = [0, 0, 0];

/** Ranges models are trained with, by how people call them. */
export const pixelRanges = [
  { id: "signed", label: "−1 to 1 (MobileNet, Inception)", scale: 1 / 127.5, mean: ones, deviation: ones },
  { id: "unit", label: "0 to 1", scale: 1 / 255, mean: zeros, deviation: ones },
  {
    id: "bytes",
    label: "0 to 255 (EfficientNet, or scaled by the model)",
    scale: 1,
    mean: zeros,
    deviation: ones,
  },
  { id: "imagenet", label: "ImageNet mean and deviation (ResNet, ViT)", scale: 1 / 255, ...imageNet },
] as const satisfies readonly PixelRange[];

type RangeId = (typeof pixelRanges)[number]["id"];

/** @param shape height, width and channels the model itself names, null where it leaves them open. */
export function guessInput(
  shape: { readonly height: number | null; readonly width: number | null; readonly channels: 1 | 3 },
  range: RangeId = "signed",
): PixelInput {
  const height = shape.height ?? 224;
  const width = shape.width ?? 224;
  return {
    kind: "image",
    width,
    height,
    channels: shape.channels,
    layout: "pixels",
    fit: "stretch",
    shorterSide: Math.min(width, height),
    resample: "bilinear",
    ...inRange(range, shape.channels),
  };
}

/** What stands beside a TensorFlow.js model, over the guess. */
export async function readTfjsInput(folder: ModelFolder, guess: PixelInput): Promise<FoundInput> {
  if (folder.has("preprocessor_config.json"))
    return {
      input: { ...fromPreprocessor(await folder.json("preprocessor_config.json"), guess), layout: "pixels" },
      from: "preprocessor_config.json",
    };
  if (folder.has("metadata.json")) {
    const metadata = await folder.json("metadata.json");
    // Teachable Machine cuts the middle out, scales it and maps it to −1 to 1 (its library, utils/tf.ts).
    if ("tmVersion" in metadata)
      return {
        input: { ...guess, ...inRange("signed", guess.channels), fit: "crop" },
        from: "metadata.json",
      };
  }
  return { input: guess, from: null };
}

/** The numbers of a range for a model of that many channels; grey takes green's. */
export function inRange(id: RangeId, channels: 1 | 3): Pick<PixelInput, "scale" | "mean" | "deviation"> {
  const { scale, mean, deviation } = pixelRanges.find((range) => range.id === id)!;
  return channels === 3
    ? { scale, mean, deviation }
    : { scale, mean: [mean[1]!], deviation: [deviation[1]!] };
}

/** The range an input is in, or null where it is one of its own. */
export function rangeOf({ scale, mean, deviation, channels }: PixelInput): RangeId | null {
  const near = (a: readonly number[], b: readonly number[]) =>
    a.every((one, at) => Math.abs(one - b[at]!) < 1e-6);
  const same = pixelRanges.find(({ id }) => {
    const range = inRange(id, channels);
    return near([range.scale], [scale]) && near(range.mean, mean) && near(range.deviation, deviation);
  });
  return same?.id ?? null;
}

const resamples: Readonly<Record<number, PixelInput["resample"]>> = {
  0: "nearest",
  1: "bicubic",
  2: "bilinear",
  3: "bicubic",
};

/** Reads the image preparation of a Hugging Face folder over what the model itself says. */
export function fromPreprocessor(config: Record<string, unknown>, guess: PixelInput): PixelInput {
  const size = sizesOf(config["size"]);
  const crops = config["do_center_crop"] === true;
  const crop = crops ? sizesOf(config["crop_size"]) : null;
  const isExact = size !== null && size.height !== null && size.width !== null;
  const height = crop?.height ?? crop?.shorter ?? size?.height ?? size?.shorter ?? guess.height;
  const width = crop?.width ?? crop?.shorter ?? size?.width ?? size?.shorter ?? guess.width;
  const normalises = config["do_normalize"] !== false;
  const numbers = (value: unknown, otherwise: readonly number[]) =>
    Array.isArray(value) && value.every((one) => typeof one === "number") ? (value as number[]) : otherwise;
  const rescales = config["do_rescale"] !== false;
  return {
    ...guess,
    width,
    height,
    fit: isExact && !crop ? "stretch" : "crop",
    shorterSide: size?.shorter ?? Math.min(size?.height ?? height, size?.width ?? width),
    resample: resamples[Number(config["resample"] ?? 2)] ?? "bilinear",
    scale: rescales ? Number(config["rescale_factor"] ?? 1 / 255) : 1,
    mean: normalises ? numbers(config["image_mean"], imageNet.mean) : [0, 0, 0],
    deviation: normalises ? numbers(config["image_std"], imageNet.deviation) : [1, 1, 1],
  };
}

interface Sizes {
  readonly height: number | null;
  readonly width: number | null;
  readonly shorter: number | null;
}

/** `224`, `{ height, width }` or `{ shortest_edge }`. */
function sizesOf(value: unknown): Sizes | null {
  if (typeof value === "number") return { height: null, width: null, shorter: value };
  if (typeof value !== "object" || value === null) return null;
  const { height, width, shortest_edge } = value as Record<string, unknown>;
  const number = (one: unknown) => (typeof one === "number" ? one : null);
  return { height: number(height), width: number(width), shorter: number(shortest_edge) };
}
