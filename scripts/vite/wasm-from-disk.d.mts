// Types of wasm-from-disk.mjs.

import type { Plugin } from "vite";

/** For what is run by Node where it was built. */
export function wasmFromDisk(): Plugin;
