// Compiles the AssemblyScript of an import that ends in `?compiled` to WebAssembly, in dev, build and tests alike.
// The module is a few kilobytes, so it travels inside the script that uses it: no second request, and the same in
// a worker, in a production build and in Node. Twice: for engines with fused multiply-add (relaxed SIMD), which do
// products in two thirds of the time, and for the others.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";

const suffix = "?compiled";
const flags = ["-O3", "--converge", "--noAssert", "--runtime", "stub", "--enable", "simd", "--importMemory"];

const fused = ["--enable", "relaxed-simd"];
/** Compiling takes seconds, and every run of the tests would wait for it. */
const kept = ".artifacts/assembly";
/** Not from the compiler itself, which takes a second to load and is rarely needed. */
const { version } = createRequire(import.meta.url)("assemblyscript/package.json");

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
        const text = async (more) =>
          JSON.stringify(Buffer.from(await compileOnce(entry, sources, more)).toString("base64"));
        return `const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
export const bytes = bytesOf(${await text([])});
export const fusedBytes = bytesOf(${await text(fused)});`;
      },
    },
  };
}

/** @param {string} entry @param {string[]} sources @param {string[]} more flags */
function compileOnce(entry, sources, more) {
  const parts = [version, ...flags, ...more, ...sources.map((path) => readFileSync(path, "utf8"))];
  const name = createHash("sha256").update(parts.join("\n")).digest("hex");
  const known = compiled.get(name);
  if (known) return known;
  const work = compileUnlessKept(join(kept, `${name}.wasm`), entry, more);
  compiled.set(name, work);
  return work;
}

/** @param {string} path @param {string} entry @param {string[]} more */
async function compileUnlessKept(path, entry, more) {
  try {
    return readFileSync(path);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ENOENT") throw error;
  }
  const bytes = await compile(entry, more);
  mkdirSync(dirname(path), { recursive: true });
  // Moved into its place whole: other processes may be looking for it.
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, bytes);
  renameSync(draft, path);
  return bytes;
}

/** @param {string} entry @param {string[]} more @returns {Promise<Uint8Array>} */
async function compile(entry, more) {
  const { default: asc } = await import("assemblyscript/asc");
  /** @type {Uint8Array | null} */
  let bytes = null;
  const { error, stderr } = await asc.main([entry, ...flags, ...more, "--outFile", "out.wasm"], {
    writeFile(name, contents) {
      if (name.endsWith(".wasm") && typeof contents !== "string") bytes = contents;
    },
  });
  if (error || !bytes) throw new Error(`${entry} does not compile:\n${stderr.toString()}`, { cause: error });
  return bytes;
}
