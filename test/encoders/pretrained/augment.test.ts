// Changed images for fine-tuning: a part of the image, in its order unless mirrored, lighter or darker as a whole.

import { expect, test } from "vitest";
import { createRandom } from "../../../src/core/random";
import { augment } from "../../../workers/encoders/pretrained/augment";
import { picture } from "../pictures";

/** Brighter from left to right, so that a mirrored one is darker. */
const ramp = picture(40, 20, (x) => [60 + 3 * x, 60 + 3 * x, 60 + 3 * x]);

/** How the brightness goes along the middle row: 1 rising, −1 falling. */
function slope({ pixels, width, height }: ReturnType<typeof augment>): number {
  const at = (x: number) => pixels[(Math.floor(height / 2) * width + x) * 4]!;
  return Math.sign(at(width - 1) - at(0));
}

test("at least four fifths of each side are left, whole and opaque", () => {
  const random = createRandom(1);
  for (let turn = 0; turn < 100; turn++) {
    const { width, height, pixels } = augment(ramp, true, random);
    expect(width).toBeGreaterThanOrEqual(32);
    expect(width).toBeLessThanOrEqual(40);
    expect(height).toBeGreaterThanOrEqual(16);
    expect(pixels).toHaveLength(width * height * 4);
    expect(pixels.filter((_, place) => place % 4 === 3).every((alpha) => alpha === 255)).toBe(true);
  }
});

test("about half are mirrored where that is allowed, none where it is not", () => {
  const count = (mirror: boolean) => {
    const random = createRandom(2);
    return Array.from({ length: 200 }, () => slope(augment(ramp, mirror, random))).filter((one) => one < 0)
      .length;
  };
  expect(count(false)).toBe(0);
  expect(count(true)).toBeGreaterThan(70);
  expect(count(true)).toBeLessThan(130);
});

test("the same again from the same seed, another from the next draw", () => {
  const [one, again] = [createRandom(3), createRandom(3)];
  const first = augment(ramp, true, one);
  expect(augment(ramp, true, again)).toEqual(first);
  expect(augment(ramp, true, one)).not.toEqual(first);
});
