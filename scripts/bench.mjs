// `npm run bench`: builds test/bench with Vite, as the app is built, and runs it in a Node of its own, so that its
// peak of memory is not this one's. What it takes:
// npm run bench -- --only kcenter,badge,round --tier wasm,webgpu,cpu --rows 50000 --dims 384 --classes 10
//   --batch 50 --pool clusters|noise --peers --node --json FILE --markdown FILE
//   `--rounds 10000,50000` says on which pools rounds are measured;
//   `--only heads` compares rounds by head, `--only distilled` times the default one's; `--markdown` puts the table
//   into its own section of that file: npm run bench -- --peers --markdown test/bench/README.md
// npm run bench -- --only scale --images 100000 --texts 1000000 --labels 60 --dir FOLDER --json FILE
//   takes that many generated items through the built app in Chromium.
// npm run bench -- --only encoders --data DIR --sets ag_news,cifar10 --encoders lsa-sif --json FILE
//   measures the encoders on the data sets of a folder, and the MobileNet in DIR/encoders on the image sets.

import { spawnSync } from "node:child_process";
import { build } from "vite";
import { assembly } from "./vite/assembly.mjs";
import { wasmFromDisk } from "./vite/wasm-from-disk.mjs";

const outDir = ".artifacts/bench";
const only = process.argv[process.argv.indexOf("--only") + 1];
const entry = only === "scale" || only === "encoders" ? `test/bench/${only}/main.ts` : "test/bench/main.ts";
await build({
  configFile: false,
  logLevel: "warn",
  plugins: [wasmFromDisk(), assembly()],
  build: {
    ssr: entry,
    outDir,
    target: "es2023",
    minify: false,
    rolldownOptions: { output: { entryFileNames: "bench.mjs" } },
  },
});
// What browsers have had since 2023 is a flag in Node 20, and none from 21 on.
const relaxed = "--experimental-wasm-relaxed-simd";
const isKnown = spawnSync(process.execPath, [relaxed, "--version"]).status === 0;
const { status } = spawnSync(
  process.execPath,
  ["--expose-gc", ...(isKnown ? [relaxed] : []), `${outDir}/bench.mjs`, ...process.argv.slice(2)],
  { stdio: "inherit" },
);
process.exit(status ?? 1);
