// The command line of the encoder benchmark. Built and started by scripts/bench.mjs with `--only encoders`.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { benchEncoders, type EncoderRow } from "./bench-encoders";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    data: { type: "string", default: join("..", "shared", "data") },
    sets: { type: "string", default: "" },
    encoders: { type: "string", default: "" },
    json: { type: "string" },
  },
});
const list = (text: string) => text.split(",").filter(Boolean);
const rows: EncoderRow[] = [];
const save = () => values.json && writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
await benchEncoders({
  data: values.data,
  sets: list(values.sets),
  encoders: list(values.encoders),
  // A long run that is cut short leaves what it has.
  add: (row) => {
    rows.push(row);
    save();
  },
  say: (line) => console.log(line),
});

const percent = (value: number | null) => (value === null ? "" : value.toFixed(1));
const table = [
  [
    "encoder",
    "data set",
    "tier",
    "dims",
    "learn s",
    "items/s",
    "learn CPU s",
    "items/CPU s",
    "100",
    "500",
    "full",
    "of",
  ],
  ...rows.map((row) => [
    row.encoder,
    row.dataset,
    row.tier,
    String(row.dims),
    row.learnSeconds.toFixed(1),
    row.itemsPerSecond.toFixed(0),
    row.learnCpuSeconds.toFixed(1),
    row.itemsPerCpuSecond.toFixed(0),
    percent(row.probe["100"]),
    percent(row.probe["500"]),
    percent(row.probe.full),
    `${row.pool}/${row.test}`,
  ]),
];
const widths = table[0]!.map((_, at) => Math.max(...table.map((cells) => cells[at]!.length)));
console.log();
for (const cells of table)
  console.log(
    cells.map((cell, at) => (at < 3 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join("  "),
  );
process.exit(0);
