// Types of standalone.mjs.

import type { Plugin } from "vite";

export function standalone(): Plugin;
