// Serves the built app with the policy that index.html carries as a header too: workers take theirs from there. On a
// host without headers the service worker adds it.

import { readFileSync } from "node:fs";

/** @returns {import("vite").Plugin} */
export function contentPolicy() {
  return {
    name: "askwell-content-policy",
    config: () => ({
      preview: { headers: { "Content-Security-Policy": policyOf(readFileSync("index.html", "utf8")) } },
    }),
  };
}

/** The content policy of the page. @param {string} html */
export function policyOf(html) {
  const found = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(html);
  if (!found) throw new Error("index.html carries no Content-Security-Policy.");
  return found[1];
}
