// `npm start`: installs what is missing, builds, serves the built app and opens it in the browser.

import { checkNode, installPackages, root, runPackage } from "./install.mjs";

checkNode();
installPackages();
console.log("Building …");
if (runPackage("vite", ["build", "--logLevel", "warn"]) !== 0) process.exit(1);

const { preview } = await import("vite");
const port = Number(process.env.PORT ?? 4173);
const server = await preview({
  root,
  preview: { port, open: !process.env.CI && process.env.BROWSER !== "none" },
});
console.log(`\nAskwell runs at ${server.resolvedUrls.local[0]}  (Ctrl+C stops it)`);
console.log("Everything you label stays in this browser. A sample project is one click away.");
