// Compiles the AssemblyScript of an import that ends in `?compiled` to WebAssembly, in dev, build and tests alike.
// The module is a few kilobytes, so it travels inside the script that uses it: no second request, and the same in
// a worker, in a production build and in Node.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import asc from "assemblyscript/asc";

const suffix = "?compiled";
const flags = ["-O3", "--converge", "--noAssert", "--runtime", "stub", "--enable", "simd", "--importMemory"];

/** By the text of the sources: one process often serves several test projects. @type {Map<string, Promise<Uint8Array>>} */
const compiled = new Map();

/** @returns {import("vite").Plugin} */
export function assembly() {
  return {
    name: "askwell-assembly",
    enforce: "pre",
    resolveId: {
      filter: { id: /\?compiled$/ },
      async handler(source, importer) {
        const found = await this.resolve(source.slice(0, -suffix.length), importer, { skipSelf: true });
        return found && found.id + suffix;
      },
    },
    load: {
      filter: { id: /\?compiled$/ },
      async handler(id) {
        const entry = id.slice(0, -suffix.length);
        const sources = readdirSync(dirname(entry)).map((name) => join(dirname(entry), name));
        for (const path of sources) this.addWatchFile(path);
        const bytes = await compileOnce(entry, sources);
        const text = JSON.stringify(Buffer.from(bytes).toString("base64"));
        return `export const bytes = Uint8Array.from(atob(${text}), (letter) => letter.charCodeAt(0));`;
      },
    },
  };
}

/** @param {string} entry @param {string[]} sources */
function compileOnce(entry, sources) {
  const text = sources.map((path) => readFileSync(path, "utf8")).join("\n");
  const known = compiled.get(text);
  if (known) return known;
  const work = compile(entry);
  compiled.set(text, work);
  return work;
}

/** @param {string} entry */
async function compile(entry) {
  /** @type {Uint8Array | null} */
  let bytes = null;
  const { error, stderr } = await asc.main([entry, ...flags, "--outFile", "out.wasm"], {
    writeFile(name, contents) {
      if (name.endsWith(".wasm") && typeof contents !== "string") bytes = contents;
    },
  });
  if (error || !bytes) throw new Error(`${entry} does not compile:\n${stderr.toString()}`, { cause: error });
  return bytes;
}
