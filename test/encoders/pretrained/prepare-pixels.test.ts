// Scaling, cutting and mapping pixels for a model, against values worked out by hand.

import { describe, expect, test } from "vitest";
import type { PixelInput } from "../../../src/core/pretrained";
import { fromPreprocessor, guessInput, inRange, rangeOf } from "../../../src/formats/models/image-input";
import { prepareBatch, resize } from "../../../workers/encoders/pretrained/prepare-pixels";
import { picture } from "../pictures";

const base: PixelInput = { ...guessInput({ height: 2, width: 2, channels: 3 }, "bytes") };
const red = (values: Float32Array) => Array.from({ length: values.length / 3 }, (_, at) => values[at * 3]!);
const ramp = picture(4, 2, (x) => [x * 10, 0, 0]);

test("an image of the right size is left alone, whatever the filter", () => {
  const image = picture(2, 2, (x, y) => [x * 100, y * 50, 7]);
  for (const resample of ["nearest", "bilinear", "bicubic"] as const)
    expect([...resize(image, { ...base, resample })]).toEqual([0, 0, 7, 100, 0, 7, 0, 50, 7, 100, 50, 7]);
});

test("shrinking counts every pixel: a triangle over twice the step", () => {
  // From 0 10 20 30 to two places: weights 3/7, 3/7, 1/7 of the first three, and mirrored.
  const [left, right] = red(resize(ramp, { ...base, height: 2 }));
  expect(left).toBeCloseTo((0 * 3 + 10 * 3 + 20 * 1) / 7, 4);
  expect(right).toBeCloseTo((10 * 1 + 20 * 3 + 30 * 3) / 7, 4);
});

test("growing blends neighbours and holds the edges", () => {
  const wide = red(
    resize(
      picture(2, 1, (x) => [x * 100, 0, 0]),
      { ...base, width: 4, height: 1 },
    ),
  );
  [0, 25, 75, 100].forEach((value, at) => expect(wide[at]).toBeCloseTo(value, 4));
});

test("bicubic does not leave 0 to 255", () => {
  const sharp = picture(8, 1, (x) => [x < 4 ? 0 : 255, 0, 0]);
  const values = resize(sharp, { ...base, width: 32, height: 1, resample: "bicubic" });
  expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...values)).toBeLessThanOrEqual(255);
});

test("cutting takes the middle and keeps the shape, squeezing takes it all", () => {
  const bars = picture(6, 2, (x) => [x * 10, 0, 0]);
  expect(red(resize(bars, { ...base, fit: "crop", shorterSide: 2 }))).toEqual([20, 30, 20, 30]);
  const squeezed = red(resize(bars, { ...base, fit: "stretch" }));
  expect(squeezed[0]).toBeLessThan(20);
  expect(squeezed[1]).toBeGreaterThan(30);
});

test("grey, planes and ranges", () => {
  const image = picture(1, 2, (_, y) => (y ? [255, 255, 255] : [255, 0, 0]));
  const grey = { ...base, width: 1, channels: 1 as const, ...inRange("unit", 1) };
  const values = prepareBatch([image], grey);
  expect(values[0]).toBeCloseTo(0.299, 4);
  expect(values[1]).toBeCloseTo(1, 4);
  const planes = prepareBatch([image], { ...base, width: 1, layout: "planes", ...inRange("signed", 3) });
  [1, 1, -1, 1, -1, 1].forEach((value, at) => expect(planes[at]).toBeCloseTo(value, 5));
});

test("a range is recognised again", () => {
  expect(rangeOf({ ...base, ...inRange("imagenet", 3) })).toBe("imagenet");
  expect(rangeOf({ ...base, ...inRange("signed", 3) })).toBe("signed");
  expect(rangeOf({ ...base, mean: [1, 2, 3] })).toBeNull();
});

describe("a preprocessor_config.json", () => {
  const guess = guessInput({ height: null, width: null, channels: 3 });
  const imageNet = { image_mean: [0.485, 0.456, 0.406], image_std: [0.229, 0.224, 0.225] };

  test("of DINOv2: the shorter side to 256, the middle 224 of it, bicubic", () => {
    const config = {
      do_center_crop: true,
      crop_size: { height: 224, width: 224 },
      size: { shortest_edge: 256 },
      resample: 3,
      ...imageNet,
    };
    const input = fromPreprocessor(config, guess);
    expect(input).toMatchObject({
      width: 224,
      height: 224,
      fit: "crop",
      shorterSide: 256,
      resample: "bicubic",
    });
    expect(rangeOf(input)).toBe("imagenet");
  });

  test("of SigLIP: squeezed to 224", () => {
    const config = {
      size: { height: 224, width: 224 },
      resample: 3,
      rescale_factor: 1 / 255,
      image_mean: [0.5, 0.5, 0.5],
      image_std: [0.5, 0.5, 0.5],
    };
    expect(fromPreprocessor(config, guess)).toMatchObject({
      width: 224,
      height: 224,
      fit: "stretch",
      mean: [0.5, 0.5, 0.5],
    });
  });

  test("of old CLIP: plain numbers", () => {
    const config = { do_center_crop: true, crop_size: 224, size: 224, do_normalize: false };
    expect(fromPreprocessor(config, guess)).toMatchObject({
      width: 224,
      height: 224,
      fit: "crop",
      shorterSide: 224,
      mean: [0, 0, 0],
    });
  });
});
