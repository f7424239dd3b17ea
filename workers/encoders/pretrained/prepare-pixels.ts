// Turns an image into the numbers a model takes: scaled, cut, and mapped to its range. Own code, because
// browsers scale differently and embeddings must not depend on the browser.

import type { PixelInput } from "../../../src/core/pretrained";
import type { ImageInput } from "../encoder";

type Filter = { readonly support: number; readonly at: (x: number) => number };

const filters: Readonly<Record<PixelInput["resample"], Filter>> = {
  nearest: { support: 0.5, at: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, at: (x) => Math.max(0, 1 - Math.abs(x)) },
  // Keys, Cubic convolution interpolation, 1981, with a = −0.5, as Pillow has it.
  bicubic: {
    support: 2,
    at(x) {
      const d = Math.abs(x);
      if (d < 1) return (1.5 * d - 2.5) * d * d + 1;
      return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
    },
  },
};

/** For each place of the output the first place of the input it draws on, and how much it takes of each. */
interface Taps {
  readonly first: Int32Array;
  readonly weights: readonly Float32Array[];
}

/**
 * Places `from` … `from + count − 1` of a line of `length` scaled to `scaled`. Shrinking widens the filter, so
 * that every pixel counts (antialiasing).
 */
function tapsOf(
  length: number,
  scaled: number,
  from: number,
  count: number,
  resample: PixelInput["resample"],
): Taps {
  const filter = filters[resample];
  const step = length / scaled;
  const stretch = resample === "nearest" ? 1 : Math.max(1, step);
  const first = new Int32Array(count);
  const weights: Float32Array[] = [];
  for (let at = 0; at < count; at++) {
    const center = (from + at + 0.5) * step;
    const reach = filter.support * stretch;
    const begin = Math.min(length - 1, Math.max(0, Math.floor(center - reach + 0.5)));
    const end = Math.max(begin + 1, Math.min(length, Math.floor(center + reach + 0.5)));
    const own = Float32Array.from({ length: end - begin }, (_, k) =>
      filter.at((begin + k - center + 0.5) / stretch),
    );
    const total = own.reduce((sum, one) => sum + one, 0) || 1;
    first[at] = begin;
    weights.push(own.map((one) => one / total));
  }
  return { first, weights };
}

/** Rows of RGB float32, height × width × 3, of values 0 to 255. */
export function resize(image: ImageInput, input: PixelInput): Float32Array {
  const { width, height, fit, shorterSide, resample } = input;
  const ratio = shorterSide / Math.min(image.width, image.height);
  const scaledWidth = fit === "stretch" ? width : Math.max(width, Math.round(image.width * ratio));
  const scaledHeight = fit === "stretch" ? height : Math.max(height, Math.round(image.height * ratio));
  const across = tapsOf(image.width, scaledWidth, Math.floor((scaledWidth - width) / 2), width, resample);
  const down = tapsOf(image.height, scaledHeight, Math.floor((scaledHeight - height) / 2), height, resample);
  const lines = new Float32Array(image.height * width * 3);
  for (let y = 0; y < image.height; y++)
    for (let x = 0; x < width; x++) {
      const own = across.weights[x]!;
      let r = 0;
      let g = 0;
      let b = 0;
      for (let k = 0, at = (y * image.width + across.first[x]!) * 4; k < own.length; k++, at += 4) {
        r += own[k]! * image.pixels[at]!;
        g += own[k]! * image.pixels[at + 1]!;
        b += own[k]! * image.pixels[at + 2]!;
      }
      const place = (y * width + x) * 3;
      lines[place] = r;
      lines[place + 1] = g;
      lines[place + 2] = b;
    }
  const out = new Float32Array(height * width * 3);
  const row = width * 3;
  for (let y = 0; y < height; y++)
    down.weights[y]!.forEach((weight, k) => {
      const from = (down.first[y]! + k) * row;
      for (let x = 0; x < row; x++) out[y * row + x]! += weight * lines[from + x]!;
    });
  // Bicubic overshoots at edges; what a picture cannot hold the models were not trained on.
  for (let at = 0; at < out.length; at++) out[at] = Math.min(255, Math.max(0, out[at]!));
  return out;
}

/** Writes the numbers of one image at `at`: height × width × channels of them, in the model's layout. */
export function preparePixels(image: ImageInput, input: PixelInput, values: Float32Array, at: number): void {
  const { channels, layout, scale, mean, deviation } = input;
  const colors = resize(image, input);
  const pixels = input.width * input.height;
  for (let pixel = 0; pixel < pixels; pixel++) {
    const r = colors[pixel * 3]!;
    const g = colors[pixel * 3 + 1]!;
    const b = colors[pixel * 3 + 2]!;
    // Luma of ITU-R BT.601, as Pillow and Teachable Machine have it.
    const grey = 0.299 * r + 0.587 * g + 0.114 * b;
    for (let channel = 0; channel < channels; channel++) {
      const value = channels === 1 ? grey : channel === 0 ? r : channel === 1 ? g : b;
      const place = layout === "pixels" ? pixel * channels + channel : channel * pixels + pixel;
      values[at + place] = (value * scale - mean[channel]!) / deviation[channel]!;
    }
  }
}

/** A batch of images as the model takes it. */
export function prepareBatch(images: readonly ImageInput[], input: PixelInput): Float32Array {
  const each = input.width * input.height * input.channels;
  const values = new Float32Array(images.length * each);
  images.forEach((image, place) => preparePixels(image, input, values, place * each));
  return values;
}
