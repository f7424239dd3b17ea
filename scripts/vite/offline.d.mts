import type { Plugin } from "vite";

export function offline(): Plugin;
export function policyOf(html: string): string;
