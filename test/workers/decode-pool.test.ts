// The pool of decoders: results in order whatever order they come in, never more on their way than allowed, one
// broken image is one null, and neither a stop nor a dead decoder loses anything.

import { expect, test } from "vitest";
import type { Item } from "../../src/core/item";
import type { DecodeJob, Decoded } from "../../workers/decoding/api";
import { openDecodePool, type DecoderLike, type PoolWish } from "../../workers/decoding/decode-pool";
import type { ImageInput } from "../../workers/encoders/encoder";

const items = Array.from({ length: 20 }, (_, row) => ({ row }) as Item);
const imageOf = ({ row }: Item): ImageInput => ({ width: row, height: 1, pixels: new Uint8ClampedArray(4) });
const widths = async (images: AsyncIterable<ImageInput | null>) => {
  const found: (number | null)[] = [];
  for await (const image of images) found.push(image && image.width);
  return found;
};

/** Decoders whose jobs are answered by hand. */
function byHand() {
  const jobs: { job: DecodeJob; decoder: number; answer(decoded: Decoded): void }[] = [];
  const dead: number[] = [];
  const die: (() => void)[] = [];
  let started = 0;
  const start = (): DecoderLike => {
    const decoder = started++;
    let heard = (_: Decoded) => {};
    return {
      postMessage: (job) => void jobs.push({ job, decoder, answer: (decoded) => heard(decoded) }),
      hear(answered, died) {
        heard = answered;
        die[decoder] = died;
      },
      terminate: () => void dead.push(decoder),
    };
  };
  return { jobs, dead, die, start, started: () => started };
}

const open = (hand: ReturnType<typeof byHand>, change: Partial<PoolWish> = {}) =>
  openDecodePool({
    decoders: 2,
    ahead: 4,
    start: hand.start,
    fallback: async (item) => imageOf(item),
    ...change,
  });
const going = { aborted: false };
const turn = () => new Promise((resolve) => setTimeout(resolve));

test("in order, whatever order they are done in, and never more than allowed on their way", async () => {
  const hand = byHand();
  const found = widths(open(hand).read(items, 32, going));
  let most = 0;
  let answered = 0;
  while (answered < items.length) {
    await turn();
    const waiting = hand.jobs.splice(0);
    most = Math.max(most, waiting.length);
    for (const { job, answer } of waiting.reverse()) {
      answer({ id: job.id, image: job.item.row === 7 ? null : imageOf(job.item) });
      answered += 1;
    }
  }
  expect(await found).toEqual(items.map(({ row }) => (row === 7 ? null : row)));
  expect(most).toBe(4);
  expect(hand.started()).toBe(2);
});

test("jobs are shared between the decoders", async () => {
  const hand = byHand();
  const images = open(hand).read(items, 32, going);
  void images.next();
  await turn();
  expect(hand.jobs.map(({ decoder }) => decoder)).toEqual([0, 1, 0, 1]);
});

test("what a dead decoder was at is read here, and so is the rest", async () => {
  const hand = byHand();
  const found = widths(open(hand, { decoders: 1 }).read(items, 32, going));
  await turn();
  const [first] = hand.jobs;
  first!.answer({ id: first!.job.id, image: imageOf(first!.job.item) });
  hand.die[0]!();
  expect(await found).toEqual(items.map(({ row }) => row));
  expect(hand.dead).toEqual([0]);
});

test("where no decoder can be started this thread reads", async () => {
  const pool = open(byHand(), {
    start: () => {
      throw new Error("no workers here");
    },
  });
  expect(await widths(pool.read(items, 32, going))).toEqual(items.map(({ row }) => row));
});

test("it stops between two images, and closing ends the decoders", async () => {
  const hand = byHand();
  const readHere: Item[] = [];
  const fallback = async (item: Item) => {
    readHere.push(item);
    return imageOf(item);
  };
  const pool = open(hand, { fallback });
  const stop = { aborted: false };
  const images = pool.read(items, 32, stop);
  const one = images.next();
  await turn();
  for (const { job, answer } of hand.jobs.splice(0)) answer({ id: job.id, image: imageOf(job.item) });
  expect((await one).value).toMatchObject({ width: 0 });
  stop.aborted = true;
  await expect(images.next()).rejects.toMatchObject({ name: "AbortError" });
  pool.close();
  // What tells of a death tells of this one too.
  hand.die.forEach((died) => died());
  await turn();
  expect(hand.dead.sort()).toEqual([0, 1]);
  expect(readHere).toEqual([]);
});

test("a fault of reading is no null, which would say that the image is broken", async () => {
  const hand = byHand();
  const found = widths(open(hand).read(items, 32, going));
  await turn();
  const [first] = hand.jobs;
  first!.answer({ id: first!.job.id, fault: "The database was closed." });
  await expect(found).rejects.toThrow("The database was closed.");
});

test("images that are large wait in smaller numbers", async () => {
  const hand = byHand();
  // One of these takes 36 MB.
  void open(hand).read(items, 3000, going).next();
  await turn();
  expect(hand.jobs.map(({ job }) => job.item.row)).toEqual([0]);
});

test("after closing it starts anew", async () => {
  const hand = byHand();
  const pool = open(hand);
  void pool.read(items.slice(0, 2), 32, going).next();
  await turn();
  pool.close();
  hand.die.forEach((died) => died());
  await turn();
  void pool.read(items, 32, going).next();
  await turn();
  expect(hand.jobs.slice(2).map(({ decoder }) => decoder)).toEqual([2, 3, 2, 3]);
});
