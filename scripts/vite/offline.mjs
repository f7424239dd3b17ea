// Builds the service worker after the app: tells it every file of the build, a name for this build, and the
// content policy that index.html carries.

import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { transformWithOxc } from "vite";

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
      const files = listFiles(outDir);
      const hash = createHash("sha256");
      for (const file of files) hash.update(file).update(readFileSync(join(outDir, file)));
      const source = join(root, "workers/offline.worker.ts");
      const { code } = await transformWithOxc(readFileSync(source, "utf8"), source);
      const assets = ["./", ...files.filter((file) => file !== "index.html")];
      const filled = code
        .replaceAll("__ASSETS__", JSON.stringify(assets))
        .replaceAll("__BUILD__", JSON.stringify(hash.digest("hex").slice(0, 16)))
        .replaceAll("__POLICY__", JSON.stringify(policyOf(readFileSync(join(outDir, "index.html"), "utf8"))));
      writeFileSync(join(outDir, "offline.js"), filled);
    },
  };
}

/** The content policy of the page. @param {string} html */
export function policyOf(html) {
  const found = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(html);
  if (!found) throw new Error("index.html carries no Content-Security-Policy.");
  return found[1];
}

function listFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".map") && entry.name !== "offline.js")
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}
