// What the patch encoder should find alike, on drawn images, and its parts against plain references.

import { describe, expect, test } from "vitest";
import { createRandom } from "../../src/core/random";
import type { ImageInput } from "../../workers/encoders/encoder";
import { foldMirrored, mirrored } from "../../workers/encoders/image-features/mirrored";
import { toPlanes } from "../../workers/encoders/image-features/planes";
import { encoder } from "../../workers/encoders/patch-dictionary";
import { type Dictionary, learnDictionary } from "../../workers/encoders/patches/dictionary";
import { dotProducts } from "../../workers/encoders/patches/dot-products";
import {
  openPatchAlgebra,
  type PatchAlgebra,
  plainPatchAlgebra,
} from "../../workers/encoders/patches/patch-algebra";
import { createPatchReader, PATCH_LENGTH, toPatchPlanes } from "../../workers/encoders/patches/patch-reader";
import { pooledLengths } from "../../workers/encoders/patches/pooling";
import { toPyramid } from "../../workers/encoders/patches/pyramid";
import { learnWhitening, toFilter, whiten } from "../../workers/encoders/patches/whitening";
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
const shares: number[] = [];
const state = encoder.learn(inTurn(sample), 1, null, (share) => shares.push(share));

async function cosine(one: ImageInput, two: ImageInput): Promise<number> {
  const rows = await encoder.encode([one, two], await state);
  const second = rows.subarray(encoder.dims);
  return rows.subarray(0, encoder.dims).reduce((sum, value, dim) => sum + value * second[dim]!, 0);
}

function drawn(length: number): Float32Array {
  const random = createRandom(2);
  return Float32Array.from({ length }, () => random.normal());
}

const noWait = () => Promise.resolve();

function learnt(algebra: PatchAlgebra, patches: number, words: number): Promise<Dictionary> {
  const given = drawn(patches * PATCH_LENGTH);
  return learnDictionary(given, PATCH_LENGTH, words, createRandom(1), algebra, noWait);
}

describe("patch-dictionary", () => {
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

  test("puts an image near its mirror image, but tells the two apart", async () => {
    const turned = await cosine(level, stripes(32, 0.3 + Math.PI / 2));
    const seen = await cosine(level, mirrored(level));
    expect(seen).toBeGreaterThan(turned + 0.3);
    expect(seen).toBeLessThan(0.99);
  });

  test("keeps what it learns under 16 MB", async () => {
    const bytes = Object.values(await state).map((value) => (value as Float32Array).byteLength);
    expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(16e6);
  });

  test("says how far learning is, forwards only", async () => {
    await state;
    expect(shares[0]).toBe(0);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    // Nowhere a step so long that it looks stuck.
    shares.slice(1).forEach((share, at) => expect(share - shares[at]!).toBeLessThan(0.2));
    expect(shares.at(-1)).toBeGreaterThan(0.6);
    expect(shares.at(-1)).toBeLessThanOrEqual(1);
  });

  test("sees a stop while it works", async () => {
    const stop = { aborted: false };
    setTimeout(() => (stop.aborted = true), 20);
    await expect(encoder.learn(inTurn(sample), 1, stop)).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("its parts", () => {
  test("mirroring keeps what an image shares with its mirror image and turns the rest round", () => {
    const image = picture(3, 2, (x, y) => [10 * x, y, x + y]);
    expect(mirrored(image)).toEqual(picture(3, 2, (x, y) => [10 * (2 - x), y, 2 - x + y]));
    const one = Float32Array.of(1, 4, 3, 2);
    const other = Float32Array.of(3, 2, 1, 4);
    foldMirrored(one, 0.5);
    foldMirrored(other, 0.5);
    expect([...one]).toEqual([2, 3, -0.5, 0.5]);
    expect([...other]).toEqual([2, 3, 0.5, -0.5]);
  });

  test("blocked products are the plain ones", () => {
    const rows = drawn(8 * 5);
    const others = drawn(12 * 5).reverse();
    const out = new Float32Array(8 * 12);
    dotProducts(rows, 8, others, 12, 5, out);
    out.forEach((value, at) => {
      let sum = 0;
      for (let place = 0; place < 5; place++)
        sum += rows[Math.floor(at / 12) * 5 + place]! * others[(at % 12) * 5 + place]!;
      expect(value).toBeCloseTo(sum, 5);
    });
  });

  test("whitened patches have no covariance left, but for the ridge", () => {
    const patches = drawn(3000);
    // The second value follows the first; the third is stronger.
    for (let at = 0; at < 3000; at += 3) {
      patches[at + 1]! += 2 * patches[at]!;
      patches[at + 2]! *= 3;
    }
    const whitening = learnWhitening(patches, 1000, 3);
    const white = patches.slice();
    for (let at = 0; at < 3000; at += 3) whiten(white.subarray(at, at + 3), whitening);
    const together = (one: number, two: number) => {
      let sum = 0;
      for (let at = 0; at < 3000; at += 3) sum += white[at + one]! * white[at + two]!;
      return sum / 1000;
    };
    expect(Math.abs(together(0, 2))).toBeLessThan(0.05);
    expect(together(0, 1)).toBeLessThan(0.5);
    expect(together(2, 2)).toBeGreaterThan(0.8);
  });

  test("a filter gives on raw patches what its direction gives on whitened ones", () => {
    const patches = drawn(400);
    const whitening = learnWhitening(patches, 100, 4);
    const direction = Float32Array.of(0.5, -1, 2, 0.25);
    const filter = direction.slice();
    toFilter(filter, whitening);
    const raw = patches.slice(8, 12);
    const white = raw.slice();
    whiten(white, whitening);
    const dot = (one: Float32Array, two: Float32Array) =>
      one.reduce((sum, value, at) => sum + value * two[at]!, 0);
    expect(dot(filter, raw) - dot(filter, whitening.mean)).toBeCloseTo(dot(direction, white), 4);
  });

  test("lightness and contrast drop out of a patch, and a flat one is zero", () => {
    const read = (image: ImageInput) => {
      const out = new Float32Array(PATCH_LENGTH);
      createPatchReader(toPatchPlanes(toPlanes(image))).read(1, 1, out, 0);
      return out;
    };
    const one = read(stripes(12, 0.4));
    read(lighter(stripes(12, 0.4), 20)).forEach((value, at) => expect(value).toBeCloseTo(one[at]!, 4));
    expect(read(plain(12, 12, 200)).every((value) => Math.abs(value) < 1e-4)).toBe(true);
  });

  test("levels of the pyramid halve, and none is smaller than a patch", () => {
    const sizes = (image: ImageInput) =>
      toPyramid(image, 3, 6).map(({ width, height }) => `${width}×${height}`);
    expect(sizes(plain(33, 20, 9))).toEqual(["33×20", "16×10", "8×6"]);
    expect(sizes(plain(1, 40, 9))).toEqual(["6×40", "6×20", "6×10"]);
    const halved = toPyramid(
      picture(12, 12, (x) => (x % 2 ? [255, 255, 255] : [0, 0, 0])),
      2,
      6,
    );
    expect(halved[1]!.light.every((value) => Math.abs(value - 0.5) < 1e-6)).toBe(true);
  });

  test("one odd spot anywhere moves the peaks by the same, the mean only where it is", async () => {
    const algebra = plainPatchAlgebra();
    algebra.hold([await learnt(algebra, 400, 8)]);
    const { means, peaks } = pooledLengths(8);
    const pooled = (left: number) => {
      const spot = picture(30, 30, (x, y) =>
        x >= left && x < left + 3 && y > 3 && y < 7 ? [250, 250, 250] : [90, 90, 90],
      );
      const out = new Float32Array(means + peaks);
      algebra.pool(toPlanes(spot), 0, out);
      return out;
    };
    const first = pooled(8);
    const second = pooled(18);
    expect(first.subarray(means)).toEqual(second.subarray(means));
    expect(first.subarray(0, means)).not.toEqual(second.subarray(0, means));
  });

  test("the fast way learns and pools as the plain one, whatever the image's shape", async () => {
    const [fast, plainly] = [await openPatchAlgebra(), plainPatchAlgebra()];
    // More patches than go through at once, and a last part that is no multiple of anything.
    const dictionaries = [await learnt(plainly, 603, 12), await learnt(plainly, 90, 12)];
    const again = await learnt(fast, 603, 12);
    again.filters.forEach((value, at) => expect(value).toBeCloseTo(dictionaries[0]!.filters[at]!, 3));
    fast.hold(dictionaries);
    plainly.hold(dictionaries);
    const { means, peaks } = pooledLengths(12);
    for (const [width, height] of [
      [6, 6],
      [7, 31],
      [70, 9],
      [32, 32],
    ] as const) {
      const random = createRandom(width);
      const planes = toPlanes(
        picture(width, height, () => [random.integer(256), random.integer(256), random.integer(256)]),
      );
      for (const level of [0, 1]) {
        const [found, wanted] = [new Float32Array(means + peaks), new Float32Array(means + peaks)];
        fast.pool(planes, level, found);
        plainly.pool(planes, level, wanted);
        expect(wanted.some((value) => value > 0)).toBe(true);
        found.forEach((value, at) => expect(Math.abs(value - wanted[at]!)).toBeLessThan(1e-4));
      }
    }
  });
});
