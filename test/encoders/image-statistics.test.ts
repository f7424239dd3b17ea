// What the colour-edges-and-texture encoder should find alike, on drawn images, and its parts by hand.

import { describe, expect, test } from "vitest";
import { colorLayout, COLOR_LAYOUT_LENGTH } from "../../workers/encoders/image-features/color-layout";
import { edgeField, gradients } from "../../workers/encoders/image-features/gradients";
import { shareCells } from "../../workers/encoders/image-features/grid";
import { localPatterns, localPatternsLength } from "../../workers/encoders/image-features/local-patterns";
import { toPlanes } from "../../workers/encoders/image-features/planes";
import type { ImageInput } from "../../workers/encoders/encoder";
import { encoder } from "../../workers/encoders/image-statistics";
import { lighter, picture, plain, stripes } from "./pictures";
import { inTurn } from "./probe";

function tinted({ pixels, width, height }: ImageInput, tint: number): ImageInput {
  return picture(width, height, (x, y) => {
    const level = pixels[(y * width + x) * 4]!;
    return [level + tint, level, level - tint];
  });
}

/** Stripes of many directions and periods, tinted from blue to red. */
const sample = Array.from({ length: 60 }, (_, at) =>
  tinted(stripes(32, (at * Math.PI) / 60, 6 + (at % 4)), 40 * Math.cos(at * 2.4)),
);

async function cosine(one: ImageInput, two: ImageInput): Promise<number> {
  const state = await encoder.learn(inTurn(sample), 1, null);
  const rows = await encoder.encode([one, two], state);
  const second = rows.subarray(encoder.dims);
  return rows.subarray(0, encoder.dims).reduce((sum, value, dim) => sum + value * second[dim]!, 0);
}

describe("image-statistics", () => {
  const level = stripes(32, 0.3);

  test("puts a lighter or shifted image nearer than one with other edges", async () => {
    const turned = await cosine(level, stripes(32, 0.3 + Math.PI / 2));
    expect(await cosine(level, lighter(level, 12))).toBeGreaterThan(turned + 0.3);
    expect(await cosine(level, stripes(32, 0.3, 8, 1))).toBeGreaterThan(turned + 0.3);
  });

  test("puts the same picture at another size nearer than another picture", async () => {
    const same = await cosine(stripes(32, 0.3, 8), stripes(64, 0.3, 16));
    expect(same).toBeGreaterThan((await cosine(stripes(32, 0.3, 8), stripes(64, 1.8, 16))) + 0.3);
  });

  test("tells colours apart where the shapes are the same", async () => {
    const red = tinted(level, 35);
    expect(await cosine(red, tinted(level, 25))).toBeGreaterThan(
      (await cosine(red, tinted(level, -30))) + 0.1,
    );
  });
});

describe("its parts", () => {
  test("a position between two cells is shared by its distance to their middles", () => {
    const { cell, share } = shareCells(4, 2);
    expect([...cell]).toEqual([0, 0, 0, 0]);
    expect([...share]).toEqual([0, 0.25, 0.75, 1]);
  });

  test("upright edges vote for one direction only", () => {
    const out = new Float32Array(2 * 2 * 4);
    const planes = toPlanes(picture(8, 8, (x) => (x < 4 ? [0, 0, 0] : [255, 255, 255])));
    gradients(edgeField(planes), { grid: 2, bins: 4, signed: false }, out);
    // Darkness to light along x is half a turn in the field, and unsigned half a turn is bin 0.
    out.forEach((value, at) => expect(value > 0).toBe(at % 4 === 0));
  });

  test("flat images have no edges and one pattern", () => {
    const planes = toPlanes(plain(9, 7, 128));
    const edges = new Float32Array(2 * 2 * 4);
    gradients(edgeField(planes), { grid: 2, bins: 4, signed: true }, edges);
    expect(edges.every((value) => value === 0)).toBe(true);
    const patterns = new Float32Array(localPatternsLength(2));
    localPatterns(planes, 2, patterns);
    expect(patterns.filter((value) => value > 0)).toEqual(new Float32Array([1, 1, 1, 1]));
  });

  test("the colour histogram's squares add up to one", () => {
    const out = new Float32Array(COLOR_LAYOUT_LENGTH);
    colorLayout(toPlanes(sample[35]!), out);
    const histogram = out.subarray(4 * 4 * 3 * 2);
    expect(histogram.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 5);
  });
});
