// Types of content-policy.mjs.

import type { Plugin } from "vite";

export function contentPolicy(): Plugin;
export function policyOf(html: string): string;
