// Builds the service worker after the app: tells it every file of the build, those kept only when they are used,
// a name for this build, and the content policy that index.html carries.

import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { transformWithOxc } from "vite";
import { indexModels } from "../models/index-models.mjs";
import { policyOf } from "./content-policy.mjs";

/** @returns {import("vite").Plugin} */
export function offline() {
  let outDir = "";
  let root = "";
  return {
    name: "askwell-offline",
    apply: "build",
    configResolved(config) {
      root = config.root;
      outDir = join(config.root, config.build.outDir);
    },
    // The last thing in a build: public files are in place by then.
    async closeBundle() {
      // Before the service worker lists what there is: the page asks for the index, models or not.
      indexModels(join(outDir, "models"));
      const files = listFiles(outDir).filter((file) => !isModelFile(file));
      const hash = createHash("sha256");
      for (const file of files) hash.update(file).update(readFileSync(join(outDir, file)));
      const source = join(root, "workers/offline.worker.ts");
      const { code } = await transformWithOxc(readFileSync(source, "utf8"), source);
      const onDemand = files.filter(isOnDemand);
      const assets = ["./", ...files.filter((file) => file !== "index.html" && !isOnDemand(file))];
      const filled = code
        .replaceAll("__ASSETS__", JSON.stringify(assets))
        .replaceAll("__ON_DEMAND__", JSON.stringify(onDemand))
        .replaceAll("__BUILD__", JSON.stringify(hash.digest("hex").slice(0, 16)))
        .replaceAll("__POLICY__", JSON.stringify(policyOf(readFileSync(join(outDir, "index.html"), "utf8"))));
      writeFileSync(join(outDir, "offline.js"), filled);
    },
  };
}

/** Models a deployer put there can be gigabytes; the index of them is part of the app. @param {string} file */
function isModelFile(file) {
  return file.startsWith("models/") && file !== "models/index.json";
}

/** The runtime for ONNX is 14 to 27 MB, and only who uses such a model needs it. @param {string} file */
function isOnDemand(file) {
  return /^assets\/ort-wasm.*\.wasm$/.test(file);
}

function listFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".map") && entry.name !== "offline.js")
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}
