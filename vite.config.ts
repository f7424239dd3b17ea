/// <reference types="vitest/config" />
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { readFileSync } from "node:fs";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { chromiumFlags, findChromium } from "./scripts/chromium.mjs";
import { assembly } from "./scripts/vite/assembly.mjs";
import { contentPolicy } from "./scripts/vite/content-policy.mjs";
import { offline } from "./scripts/vite/offline.mjs";
import { standalone } from "./scripts/vite/standalone.mjs";
import { wasmFromDisk } from "./scripts/vite/wasm-from-disk.mjs";

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

/** These measure how soon the page answers, so nothing runs beside them. */
const timed = ["journey-images", "journey-texts", "bad-input-many"].map((name) => `test/e2e/${name}.test.ts`);
/** A hang must end; a busy machine must not fail anything: left alone, `expect.poll` gives up after a second. */
const patience = { testTimeout: 240_000, hookTimeout: 120_000, expect: { poll: { timeout: 120_000 } } };

export default defineConfig({
  base: "./",
  define: { __APP_VERSION__: JSON.stringify(version) },
  plugins: [svelte({ configFile: false }), assembly(), standalone(), offline(), contentPolicy()],
  build: {
    target: "es2023",
    chunkSizeWarningLimit: 1500,
    // It says where a build of four seconds goes, every time.
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  worker: { format: "es", plugins: () => [assembly()] },
  test: {
    projects: [
      {
        extends: true,
        plugins: [wasmFromDisk()],
        test: {
          name: "unit",
          environment: "node",
          include: ["test/**/*.test.ts"],
          exclude: ["test/browser/**", "test/e2e/**"],
          // A hang must end; a busy machine must not fail anything.
          testTimeout: 60_000,
          // One project after the other: what is timed in a browser should have the machine to itself.
          sequence: { groupOrder: 0 },
          // Left alone, it keeps one core free for watching: half of a machine of two.
          maxWorkers: "100%",
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          // One page at a time: the tests share an origin, and so one IndexedDB.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: { executablePath: findChromium() ?? "", args: chromiumFlags },
            }),
            instances: [{ browser: "chromium" }],
          },
        },
        optimizeDeps: {
          include: [
            "idb",
            "comlink",
            "@tensorflow/tfjs-core",
            "@tensorflow/tfjs-backend-cpu",
            "@tensorflow/tfjs-backend-wasm",
            "@tensorflow/tfjs-layers",
            "@tensorflow/tfjs-backend-webgpu",
            "@zip.js/zip.js/lib/zip-core-native.js",
            "papaparse",
          ],
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          environment: "node",
          include: ["test/e2e/**/*.test.ts"],
          exclude: timed,
          // Each has a server, a profile and a folder of its own.
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
          ...patience,
        },
      },
      {
        extends: true,
        test: {
          name: "e2e timed",
          environment: "node",
          include: timed,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
          ...patience,
        },
      },
    ],
  },
});
