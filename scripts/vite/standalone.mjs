// Bundles the module of an import that ends in `?script` into one classic script and gives it as text: the program
// of the page that classifies by itself, which the app writes into a file and never runs.

import { build } from "vite";
import { assembly } from "./assembly.mjs";

const suffix = "?script";

/** By entry: one process often serves several test projects. @type {Map<string, Promise<string>>} */
const bundled = new Map();

/** @returns {import("vite").Plugin} */
export function standalone() {
  return {
    name: "askwell-standalone",
    enforce: "pre",
    resolveId: {
      filter: { id: /\?script$/ },
      async handler(source, importer) {
        const found = await this.resolve(source.slice(0, -suffix.length), importer, { skipSelf: true });
        return found && found.id + suffix;
      },
    },
    load: {
      filter: { id: /\?script$/ },
      async handler(id) {
        const entry = id.slice(0, -suffix.length);
        this.addWatchFile(entry);
        if (!bundled.has(entry)) bundled.set(entry, bundle(entry));
        return `export const script = ${JSON.stringify(await bundled.get(entry))};`;
      },
    },
  };
}

/** @param {string} entry */
async function bundle(entry) {
  const made = await build({
    configFile: false,
    publicDir: false,
    // Encoders learn in WebAssembly. The page never does, but the import is there.
    plugins: [assembly()],
    logLevel: "warn",
    build: {
      write: false,
      target: "es2022",
      minify: true,
      lib: { entry, formats: ["iife"], name: "askwell" },
    },
  });
  const [{ output }] = Array.isArray(made) ? made : [made];
  if (output.length !== 1) throw new Error(`${entry} must become one script, not ${output.length} files.`);
  return output[0].code;
}
