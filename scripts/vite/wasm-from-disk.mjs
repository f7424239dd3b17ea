// Lets what is built for Node read the WebAssembly of packages from disk, where a browser asks the server for it.

import { resolve } from "node:path";

/** @returns {import("vite").Plugin} for builds that run where they were built. */
export function wasmFromDisk() {
  return {
    name: "askwell-wasm-from-disk",
    enforce: "pre",
    resolveId: (id) => (id.endsWith(".wasm?url") ? `\0${id}` : null),
    load: (id) =>
      id.startsWith("\0") && id.endsWith(".wasm?url")
        ? `export default ${JSON.stringify(resolve("node_modules", id.slice(1).replace("?url", "")))}`
        : null,
  };
}
