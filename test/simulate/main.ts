// The command line of the simulation: which data, which strategies, how many labels. Built and started by
// scripts/simulate.mjs.

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { defaultSettings } from "../../src/core/project";
import type { Tier } from "../../src/core/kernels/kernels";
import { openTier } from "../bench/open-tier";
import { compare } from "./compare";
import { readContestant } from "./contestant";
import { encodeItems, readArrays, writeArrays, type DataSet } from "./data-set";
import { toSvg, toTable } from "./report";

const usage = `npm run simulate -- --data PATH [--test PATH] --encoder ID | --embeddings X.npy --labels y.npy --train N
  --data, --test     a folder of class folders with images, or a .csv with the columns text and label; without a
                     test set a fifth of the data, drawn at random, is it
  --encoder          what turns items into embeddings: one of the app's, which learns from the pool only, or a folder
                     with a pretrained model (TF.js or ONNX)
  --embeddings, --labels, --train   arrays instead; the first N rows are the pool, the rest the test set
  --save-embeddings  X.npy to write, pool first, with y.npy beside it
  --strategies       ids, with commas; settings after colons: auto,margin:start=coverage,auto:randomShare=0
  --head             id of the classifier (${defaultSettings.headId})
  --budget --batch --start --seeds   numbers (300, 10, 10, 5)
  --noise            share of wrong answers (0)
  --tier             wasm or cpu (wasm)
  --no-full          leaves out the fit on the whole pool
  --json --svg       files to write`;

const { values } = parseArgs({
  options: {
    data: { type: "string" },
    test: { type: "string" },
    encoder: { type: "string" },
    embeddings: { type: "string" },
    labels: { type: "string" },
    train: { type: "string" },
    "save-embeddings": { type: "string" },
    strategies: { type: "string", default: `${defaultSettings.strategyId},margin,random` },
    head: { type: "string", default: defaultSettings.headId },
    budget: { type: "string", default: "300" },
    batch: { type: "string", default: "10" },
    start: { type: "string", default: "10" },
    seeds: { type: "string", default: "5" },
    noise: { type: "string", default: "0" },
    tier: { type: "string", default: "wasm" },
    "no-full": { type: "boolean", default: false },
    json: { type: "string" },
    svg: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

/** @throws Error, with a sentence, where it is no number within the bounds. */
function number(name: "budget" | "batch" | "start" | "seeds" | "noise", least: number, most: number): number {
  const value = Number(values[name]);
  if (Number.isFinite(value) && value >= least && value <= most) return value;
  throw new Error(`--${name} must be a number from ${least} to ${most}, not "${values[name]}".`);
}

async function readData(): Promise<DataSet> {
  if (values.embeddings && values.labels && values.train)
    return readArrays(values.embeddings, values.labels, Number(values.train));
  if (values.data && values.encoder) return encodeItems(values.data, values.test ?? null, values.encoder);
  throw new Error(`Say what to run on.\n${usage}`);
}

async function main(): Promise<void> {
  if (values.help) return console.log(usage);
  const plan = {
    contestants: values.strategies.split(",").filter(Boolean).map(readContestant),
    headId: values.head,
    budget: number("budget", 2, 1e6),
    batch: number("batch", 1, 1000),
    start: number("start", 0, 1e6),
    seeds: number("seeds", 1, 1000),
    noise: number("noise", 0, 1),
    say: (line: string) => console.error(line),
  };
  const data = await readData();
  console.error(
    `${data.name}: ${data.pool.rows} items in the pool, ${data.test.rows} to test on, ${data.classes.length} classes, ${data.dims} dimensions (${data.encoder}).`,
  );
  if (values["save-embeddings"]) writeArrays(data, values["save-embeddings"]);
  const kernels = await openTier(values.tier as Tier, false, (line) => console.error(line));
  const comparison = await compare(data, plan, kernels, !values["no-full"]);
  console.log(`${data.name}, ${data.encoder}, ${plan.headId}\n${toTable(comparison)}`);
  if (values.json) writeFileSync(values.json, `${JSON.stringify(comparison, null, 2)}\n`);
  if (values.svg) writeFileSync(values.svg, toSvg(comparison));
}

await main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
