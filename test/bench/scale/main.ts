// The command line of the scale benchmark. Built and started by scripts/bench.mjs with `--only scale`.

import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { scale } from "./scale";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    images: { type: "string", default: "10000" },
    texts: { type: "string", default: "100000" },
    labels: { type: "string", default: "60" },
    dir: { type: "string", default: join(tmpdir(), "askwell-scale") },
    json: { type: "string" },
  },
});
mkdirSync(values.dir, { recursive: true });
const results = await scale({
  images: Number(values.images),
  texts: Number(values.texts),
  labels: Number(values.labels),
  root: values.dir,
  say: (line) => console.log(line),
});

const table = [
  [
    "items",
    "step",
    "seconds",
    "CPU s",
    "a second",
    "peak MB",
    "long tasks",
    "longest ms",
    "stored MB",
    "p95 ms",
  ],
  ...results.map((one) => [
    `${one.items.toLocaleString("en")} ${one.kind}`,
    one.step,
    one.seconds.toFixed(1),
    one.processorSeconds.toFixed(1),
    one.itemsPerSecond.toFixed(0),
    one.peakMb.toFixed(0),
    String(one.longTasks),
    one.longTasks > 0 ? one.longestTaskMs.toFixed(0) : "< 50",
    one.storedMb.toFixed(0),
    one.latency?.p95Ms.toFixed(0) ?? "",
  ]),
];
const widths = table[0]!.map((_, at) => Math.max(...table.map((cells) => cells[at]!.length)));
console.log();
for (const cells of table)
  console.log(
    cells.map((cell, at) => (at < 2 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join("  "),
  );
if (values.json) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
process.exit(0);
