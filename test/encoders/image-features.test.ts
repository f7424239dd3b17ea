// The colour, edge and texture statistics that the image encoder joins, by hand.

import { describe, expect, test } from "vitest";
import { colorLayout, COLOR_LAYOUT_LENGTH } from "../../workers/encoders/image-features/color-layout";
import { edgeField, gradients } from "../../workers/encoders/image-features/gradients";
import { shareCells } from "../../workers/encoders/image-features/grid";
import { localPatterns, localPatternsLength } from "../../workers/encoders/image-features/local-patterns";
import { toPlanes } from "../../workers/encoders/image-features/planes";
import { picture, plain } from "./pictures";

describe("image statistics", () => {
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
    colorLayout(toPlanes(picture(32, 24, (x, y) => [x * 8, y * 9, 255 - x * 5])), out);
    const histogram = out.subarray(4 * 4 * 3 * 2);
    expect(histogram.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 5);
  });
});
