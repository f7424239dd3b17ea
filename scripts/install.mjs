// Installs what the lockfile names where it is not installed yet. Uses Node alone, because it runs first.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** Runs a command with its output shown. Returns its exit status. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    // npm and npx are .cmd files on Windows.
    shell: process.platform === "win32",
    ...options,
  });
  if (error) throw error;
  return status ?? 1;
}

/** Runs a command beside others. Gives its exit status and all it printed. */
export function runAside(command, args) {
  return new Promise((resolve, reject) => {
    let output = "";
    const child = spawn(command, args, {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32",
    });
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => (output += text));
    child.on("error", reject);
    child.on("close", (status) => resolve({ status: status ?? 1, output }));
  });
}

/** Runs a program of a package in node_modules. */
export function runPackage(name, args, options = {}) {
  return run("npm", ["exec", "--no", "--", name, ...args], options);
}

export function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(
      `Askwell needs Node 20.19 or newer; this is ${process.versions.node}. Get it from nodejs.org.`,
    );
    process.exit(1);
  }
}

export function installPackages() {
  const installed = `${root}node_modules/.package-lock.json`;
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(`${root}package-lock.json`).mtimeMs)
    return;
  console.log("Installing packages (once) …");
  if (run("npm", ["ci", "--no-audit", "--no-fund"]) !== 0) {
    console.error("npm ci failed. Check the network connection and run the command again.");
    process.exit(1);
  }
}
