// The image encoder: learns from the person's own images which small patches they are made of, and describes
// each image by where and how strongly these occur, beside colours and edges. No weights to ship.

import { throwIfStopped, type StopSignal } from "../../src/core/errors";
import { createRandom, type Random } from "../../src/core/random";
import type { EncoderState, ImageInput, ImageItemEncoder } from "./encoder";
import { imageStatistics, STATISTICS_LENGTHS } from "./image-features/image-statistics";
import { foldMirrored, mirrored } from "./image-features/mirrored";
import { openedOnce } from "./projection/opened-state";
import { type Dictionary, learnDictionary } from "./patches/dictionary";
import { openPatchAlgebra, type PatchAlgebra } from "./patches/patch-algebra";
import { createPatchReader, PATCH_LENGTH, PATCH_SIDE, toPatchPlanes } from "./patches/patch-reader";
import { pooledLengths } from "./patches/pooling";
import { toPyramid } from "./patches/pyramid";
import { applyScaling, type Family, familyScaling, type Scaling } from "./projection/family-scaling";
import { createPace, type Pace } from "./projection/pacing";
import { openAlgebra } from "./projection/algebra";
import { type DenseAlgebra, openDenseAlgebra } from "./projection/dense-algebra";
import { principalAxes } from "./projection/principal-axes";
import { scaleToUnitLength } from "./projection/unit-length";

const DIMS = 256;
/** At 64 pixels a patch spans a tenth, a fifth and two fifths of the image at the three levels. */
const MAX_SIDE = 64;
const LEVELS = 3;
/** Words a level; each counts twice, bright on dark and dark on bright. 128 measured no better than 64. */
const WORDS = 64;
const PATCHES_PER_LEVEL = 16_000;
/** More from one image are near copies of each other. */
const MAX_PATCHES_PER_IMAGE = 64;
/**
 * Learning takes 7 to 16 seconds of one thread with these: 1,200 images of 32 pixels, 850 of 64. 1,500 measured no better
 * on CIFAR-10.
 */
const MAX_SAMPLE = 1200;
const MAX_SAMPLE_PIXELS = 850 * MAX_SIDE * MAX_SIDE;

/** Of the time of learning, about what dictionaries and the features of the sample take; the axes take the rest. */
const DICTIONARIES_SHARE = 0.35;
const MEASURING_SHARE = 0.35;

const { means, peaks } = pooledLengths(WORDS);
const POOLED = means + peaks;
const families: readonly Family[] = [
  // A compromise: peaks serve the sample project's small defects, statistics the outlines of Fashion-MNIST. Other
  // weights tried moved one of the two up by a point and the other down.
  ...Array.from({ length: LEVELS }, () => [
    { length: means, weight: 0.7 },
    { length: peaks, weight: 1 },
  ]).flat(),
  ...STATISTICS_LENGTHS.map((length) => ({ length, weight: 1.6 })),
];
/** Of an image as it is; as many of its mirror image follow. */
const OWN_LENGTH = families.reduce((sum, { length }) => sum + length, 0);
const LENGTH = 2 * OWN_LENGTH;
/**
 * Of what sets an image apart from its mirror image. On CIFAR-10, at 100 and 500 labels, 1 (no regard to mirroring)
 * measured 2 points worse, 0 (no telling left from right) no better there and 1 to 2 points worse on Fashion-MNIST.
 */
const SIDES_WEIGHT = 0.6;

/** Writes the features of an image, then of its mirror image. */
function measure(image: ImageInput, algebra: PatchAlgebra, values: Float32Array): void {
  measureOne(image, algebra, values.subarray(0, OWN_LENGTH));
  measureOne(mirrored(image), algebra, values.subarray(OWN_LENGTH));
}

function measureOne(image: ImageInput, algebra: PatchAlgebra, values: Float32Array): void {
  const pyramid = toPyramid(image, LEVELS, PATCH_SIDE);
  pyramid.forEach((planes, level) => {
    const pooled = values.subarray(level * POOLED, (level + 1) * POOLED);
    algebra.pool(planes, level, pooled);
    // A texture that fills a cell must not outweigh all others (Perronnin et al., ECCV 2010).
    for (let at = 0; at < means; at++) pooled[at] = Math.sqrt(pooled[at]!);
  });
  imageStatistics(pyramid[0]!, values.subarray(LEVELS * POOLED));
}

async function learn(
  items: AsyncIterable<ImageInput>,
  seed: number,
  stop: StopSignal | null,
  report: (share: number) => void = () => {},
): Promise<EncoderState> {
  const random = createRandom(seed).fork("patch-dictionary");
  const pace = createPace(stop);
  const images = await takeSample(items, stop);
  const patches = await openPatchAlgebra();
  report(0);
  const dictionaries = await learnDictionaries(images, random, patches, pace, (share) =>
    report(DICTIONARIES_SHARE * share),
  );
  patches.hold(dictionaries);
  const features = new Float32Array(images.length * LENGTH);
  const rows = images.map((_, row) => features.subarray(row * LENGTH, (row + 1) * LENGTH));
  for (const [row, image] of images.entries()) {
    measure(image, patches, rows[row]!);
    report(DICTIONARIES_SHARE + (MEASURING_SHARE * (row + 1)) / images.length);
    await pace();
  }
  const halves = rows.flatMap((row) => [row.subarray(0, OWN_LENGTH), row.subarray(OWN_LENGTH)]);
  const scaling = familyScaling(halves, families);
  for (const row of rows) bringToScale(row, scaling);
  const axes = await principalAxes(
    features,
    LENGTH,
    DIMS,
    random.fork("axes"),
    await openDenseAlgebra(),
    await openAlgebra(),
    pace,
  );
  return { ...toState(dictionaries), ...scaling, axes };
}

/** Brings features to one scale, those of an image and of its mirror image together, in place. */
function bringToScale(values: Float32Array, scaling: Scaling): void {
  applyScaling(values.subarray(0, OWN_LENGTH), scaling);
  applyScaling(values.subarray(OWN_LENGTH), scaling);
  foldMirrored(values, SIDES_WEIGHT);
  scaleToUnitLength(values);
}

async function takeSample(items: AsyncIterable<ImageInput>, stop: StopSignal | null): Promise<ImageInput[]> {
  const images: ImageInput[] = [];
  let pixels = 0;
  for await (const image of items) {
    throwIfStopped(stop);
    images.push(image);
    pixels += image.width * image.height;
    if (images.length >= MAX_SAMPLE || pixels >= MAX_SAMPLE_PIXELS) break;
  }
  return images;
}

/** One a level: what is an edge in the fine image is a corner or a speck in the coarse one. */
async function learnDictionaries(
  images: readonly ImageInput[],
  random: Random,
  algebra: PatchAlgebra,
  pace: Pace,
  report: (share: number) => void,
): Promise<Dictionary[]> {
  const each = Math.min(MAX_PATCHES_PER_IMAGE, Math.ceil(PATCHES_PER_LEVEL / Math.max(1, images.length)));
  const patches = Array.from({ length: LEVELS }, () => new Float32Array(images.length * each * PATCH_LENGTH));
  const places = random.fork("places");
  for (const [at, image] of images.entries()) {
    toPyramid(image, LEVELS, PATCH_SIDE).forEach((planes, level) => {
      const reader = createPatchReader(toPatchPlanes(planes));
      for (let row = at * each; row < (at + 1) * each; row++) {
        const x = places.integer(reader.across);
        reader.read(x, places.integer(reader.down), patches[level]!, row * PATCH_LENGTH);
      }
    });
    await pace();
  }
  const dictionaries: Dictionary[] = [];
  for (const [level, taken] of patches.entries()) {
    dictionaries.push(
      await learnDictionary(taken, PATCH_LENGTH, WORDS, random.fork(`level ${level}`), algebra, pace),
    );
    report((level + 1) / LEVELS);
  }
  return dictionaries;
}

function toState(dictionaries: readonly Dictionary[]): EncoderState {
  return Object.fromEntries(
    dictionaries.flatMap(({ filters, offsets }, level) => [
      [`filters${level}`, filters],
      [`offsets${level}`, offsets],
    ]),
  );
}

interface Learnt {
  readonly patches: PatchAlgebra;
  readonly scaling: Scaling;
  readonly axes: DenseAlgebra;
}

const open = openedOnce(prepare);

async function prepare(state: EncoderState): Promise<Learnt> {
  const patches = await openPatchAlgebra();
  patches.hold(
    Array.from({ length: LEVELS }, (_, level) => ({
      filters: state[`filters${level}`] as Float32Array,
      offsets: state[`offsets${level}`] as Float32Array,
    })),
  );
  const axes = await openDenseAlgebra();
  axes.hold(state["axes"] as Float32Array, LENGTH, DIMS);
  return { patches, axes, scaling: { mean: state["mean"], scale: state["scale"] } as Scaling };
}

async function encode(inputs: readonly ImageInput[], state: EncoderState): Promise<Float32Array> {
  const { patches, scaling, axes } = await open(state);
  const features = new Float32Array(inputs.length * LENGTH);
  const pace = createPace(null);
  for (const [row, image] of inputs.entries()) {
    const values = features.subarray(row * LENGTH, (row + 1) * LENGTH);
    measure(image, patches, values);
    bringToScale(values, scaling);
    await pace();
  }
  const embeddings = axes.multiply(features);
  for (let row = 0; row < inputs.length; row++)
    scaleToUnitLength(embeddings.subarray(row * DIMS, (row + 1) * DIMS));
  return embeddings;
}

export const encoder: ImageItemEncoder = {
  id: "patch-dictionary",
  version: 2,
  kind: "image",
  label: "Patches, colours and edges",
  summary:
    "Learns from your own images what they are made of and finds small differences too, in seconds and offline.",
  paper: "Coates & Ng, Learning feature representations with k-means, 2012",
  dims: DIMS,
  maxSide: MAX_SIDE,
  // A few tenths of a second of work between two words on how far it is.
  batchItems: 64,
  learn,
  encode,
};
