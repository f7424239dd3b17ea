// The command line of the benchmark, and its table. Built and started by scripts/bench.mjs.

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Tier } from "../../src/core/kernels/kernels";
import { writeSection } from "./markdown";
import { bench, type BenchResult } from "./bench";
import type { PoolKind } from "./pool";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    tier: { type: "string", default: "wasm" },
    rows: { type: "string", default: "50000" },
    rounds: { type: "string", default: "10000,50000,100000,200000" },
    dims: { type: "string", default: "384" },
    classes: { type: "string", default: "10" },
    batch: { type: "string", default: "50" },
    pool: { type: "string", default: "clusters" },
    peers: { type: "boolean", default: false },
    node: { type: "boolean", default: false },
    json: { type: "string" },
    markdown: { type: "string" },
  },
});
const list = (text: string) => text.split(",").filter(Boolean);
const results = await bench({
  only: list(values.only),
  tiers: list(values.tier) as Tier[],
  rows: Number(values.rows),
  rounds: list(values.rounds).map(Number),
  dims: Number(values.dims),
  classes: Number(values.classes),
  batch: Number(values.batch),
  pool: values.pool as PoolKind,
  peers: values.peers,
  node: values.node,
  say: (line) => console.log(line),
});

const columns: readonly (readonly [name: string, of: (one: BenchResult) => string])[] = [
  ["kernel", (one) => one.kernel],
  ["tier", (one) => one.tier],
  ["rows", (one) => one.rows.toLocaleString("en")],
  ["ms", (one) => one.ms.toFixed(1)],
  ["first ms", (one) => one.firstMs.toFixed(1)],
  ["CPU ms", (one) => one.cpuMs.toFixed(1)],
  ["GB/s", (one) => one.gbPerSecond.toFixed(1)],
  ["of copy", (one) => `${Math.round(one.ofCopy * 100)}%`],
  ["GFLOPS", (one) => one.gflops?.toFixed(1) ?? ""],
  ["peak MB", (one) => one.peakMb?.toFixed(0) ?? ""],
  ["peer ms", (one) => one.peerMs?.toFixed(1) ?? ""],
  ["peer CPU ms", (one) => one.peerCpuMs?.toFixed(1) ?? ""],
  ["× peer", (one) => (one.peerMs ? (one.peerMs / one.ms).toFixed(1) : "")],
  ["× reference", (one) => one.timesReference?.toFixed(0) ?? ""],
];
const table = [columns.map(([name]) => name), ...results.map((one) => columns.map(([, of]) => of(one)))];
const widths = columns.map((_, at) => Math.max(...table.map((cells) => cells[at]!.length)));
console.log();
for (const cells of table)
  console.log(
    cells.map((cell, at) => (at < 2 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join("  "),
  );
if (values.markdown) writeSection(values.markdown, table);
if (values.json) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
process.exit(0);
