// Types of offline.mjs.

import type { Plugin } from "vite";

export function offline(): Plugin;
