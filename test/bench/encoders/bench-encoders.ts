// Measures every encoder on every data set it fits: how long it learns, how many items it embeds a second, and how
// well a logistic probe does on the embeddings at 100, 500 and all labels.

import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { createRandom } from "../../../src/core/random";
import { createLinearProducts } from "../../../workers/compute/wasm/linear-products";
import { openModelFolder } from "../../encoders/pretrained/open-folder";
import type { Encoder, EncoderState } from "../../../workers/encoders/encoder";
import { encoders } from "../../../workers/encoders/registry";
import { accuracyOfProbe, embed, inTurn, type Example, type Embedded } from "../../encoders/probe";
import { readItems } from "../../simulate/data-set";

export interface EncoderRow {
  readonly encoder: string;
  readonly tier: string;
  readonly dataset: string;
  readonly dims: number;
  readonly learnSeconds: number;
  /** Embedding alone, items already decoded. */
  readonly itemsPerSecond: number;
  /** The same by processor time, which other work on the machine does not stretch as much. */
  readonly learnCpuSeconds: number;
  readonly itemsPerCpuSecond: number;
  /** Percent right on the test part, with terms as in the app; null where the pool is smaller than that. The mean of ten draws, `full` of one. */
  readonly probe: { readonly "100": number | null; readonly "500": number | null; readonly full: number };
  readonly pool: number;
  readonly test: number;
}

export interface EncoderBenchOptions {
  /** Sets as `<name>/{train,test}.csv` or `<name>/{train,test}/<class>/`. */
  readonly data: string;
  /** Names; empty for all. */
  readonly sets: readonly string[];
  readonly encoders: readonly string[];
  readonly add: (row: EncoderRow) => void;
  readonly say: (line: string) => void;
}

/** 1,500 images of a pretrained network are about a minute and a half on one thread. */
const mostOfSlow = 1000;

interface Candidate {
  readonly encoder: Encoder;
  readonly tier: string;
  /** At most so many items of the pool, and half as many of the test part: a slow encoder would take hours. */
  readonly most: number;
}

export async function benchEncoders(options: EncoderBenchOptions): Promise<void> {
  const { data, say } = options;
  const wanted = (name: string, list: readonly string[]) => list.length === 0 || list.includes(name);
  const sets = readdirSync(data)
    .filter((name) => wanted(name, options.sets) && kindOf(join(data, name)) !== null)
    .sort();
  if (sets.length === 0) throw new Error(`There are no data sets in ${data}.`);
  for (const candidate of [...builtIn(), ...(await mobileNets(data, options))]) {
    const { encoder } = candidate;
    for (const name of sets) {
      if (kindOf(join(data, name)) !== encoder.kind || !wanted(encoder.label, options.encoders)) continue;
      say(`${encoder.label} on ${name} …`);
      options.add(await measure(candidate, name, join(data, name)));
    }
  }
}

function kindOf(folder: string): Encoder["kind"] | null {
  if (existsSync(join(folder, "train.csv")) && existsSync(join(folder, "test.csv"))) return "text";
  return existsSync(join(folder, "train")) && existsSync(join(folder, "test")) ? "image" : null;
}

/** The MobileNet that lies beside the data sets, where it does, through the app's own runner. */
async function mobileNets(data: string, { encoders: names, say }: EncoderBenchOptions): Promise<Candidate[]> {
  const label = "mobilenetv2-0.35-224";
  const folder = resolve(data, "encoders", "tm-mobilenetv2-035-tfjs", label);
  if (names.length > 0 && !names.includes(label)) return [];
  if (!existsSync(folder)) {
    say(`No ${label}: there is nothing at ${folder}.`);
    return [];
  }
  const { encoder, device } = await openModelFolder(folder, "image");
  return [{ encoder, tier: device, most: mostOfSlow }];
}

function builtIn(): Candidate[] {
  return [...encoders.values()].map((encoder) => ({
    encoder: { ...encoder, label: encoder.id },
    tier: "wasm",
    most: Infinity,
  }));
}

async function measure(
  { encoder, tier, most }: Candidate,
  dataset: string,
  folder: string,
): Promise<EncoderRow> {
  const part = encoder.kind === "text" ? ".csv" : "";
  // In random order, as the app gives them.
  const shuffled = (items: Example<unknown>[]) => createRandom(5).shuffle(items);
  const pool = shuffled(await readItems(join(folder, `train${part}`), encoder)).slice(0, most);
  const test = shuffled(await readItems(join(folder, `test${part}`), encoder)).slice(0, most / 2);
  const learn = encoder.learn as (
    items: AsyncIterable<unknown>,
    seed: number,
    stop: null,
  ) => Promise<EncoderState>;
  const startedAt = performance.now();
  const cpu = () => process.cpuUsage().user / 1e6;
  const cpuAtStart = cpu();
  const state = await learn(inTurn(pool.map(({ input }) => input)), 1, null);
  const learntAt = performance.now();
  const cpuLearnt = cpu();
  const ofPool = await embed(encoder, pool, state);
  const seconds = (performance.now() - learntAt) / 1000;
  const cpuSeconds = cpu() - cpuLearnt;
  const classes = [...new Set([...pool, ...test].map(({ label }) => label))].sort();
  const truthOf = (items: readonly Example<unknown>[]) => items.map(({ label }) => classes.indexOf(label));
  const embedded: Embedded = {
    dims: encoder.dims,
    classes: classes.length,
    pool: { ...ofPool, truth: truthOf(pool) },
    test: { ...(await embed(encoder, test, state)), truth: truthOf(test) },
    products: await createLinearProducts(),
  };
  const at = (count: number) => (count < pool.length ? accuracyOfProbe(embedded, count) : null);
  return {
    encoder: encoder.label,
    tier,
    dataset,
    dims: encoder.dims,
    learnSeconds: (learntAt - startedAt) / 1000,
    itemsPerSecond: pool.length / seconds,
    learnCpuSeconds: cpuLearnt - cpuAtStart,
    itemsPerCpuSecond: pool.length / cpuSeconds,
    probe: { "100": at(100), "500": at(500), full: accuracyOfProbe(embedded, pool.length) },
    pool: pool.length,
    test: test.length,
  };
}
