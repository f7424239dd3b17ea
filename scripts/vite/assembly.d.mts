// Types of assembly.mjs.

import type { Plugin } from "vite";

export function assembly(): Plugin;
