// `npm run simulate`: builds test/simulate with Vite, as the app is built, and runs it in a Node of its own. The
// arguments are described in test/simulate/main.ts; `npm run simulate -- --help` prints them.

import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { build } from "vite";
import { assembly } from "./vite/assembly.mjs";
import { wasmFromDisk } from "./vite/wasm-from-disk.mjs";

// A folder of its own, so that two simulations can run side by side.
const outDir = `.artifacts/simulate/${process.pid}`;
await build({
  configFile: false,
  logLevel: "warn",
  plugins: [wasmFromDisk(), assembly()],
  build: {
    ssr: "test/simulate/main.ts",
    outDir,
    target: "es2023",
    minify: false,
    rolldownOptions: { output: { entryFileNames: "simulate.mjs" } },
  },
});
const { status } = spawnSync(process.execPath, [`${outDir}/simulate.mjs`, ...process.argv.slice(2)], {
  stdio: "inherit",
});
rmSync(outDir, { recursive: true, force: true });
process.exit(status ?? 1);
