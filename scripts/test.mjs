// `npm test`: installs what is missing, Chromium too where it can, then runs every check and every test.

import { existsSync, readFileSync } from "node:fs";
import { findChromium } from "./chromium.mjs";
import { checkNode, installPackages, root, run, runPackage } from "./install.mjs";

checkNode();
installPackages();
installChromium();

step("Format", () => runPackage("prettier", ["--check", "--log-level", "warn", "."]));
step("Types", () => run("npm", ["run", "--silent", "check"]));
step("Build", () => runPackage("vite", ["build", "--logLevel", "warn"]));
const report = `${root}.artifacts/tests.json`;
step("Tests (unit, browser, end to end)", () =>
  runPackage("vitest", ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`]),
);
const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, "utf8"));
console.log(`\n${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);

function step(name, work) {
  const started = Date.now();
  console.log(`\n== ${name}`);
  if (work() !== 0) {
    console.error(`\n${name} failed.`);
    process.exit(1);
  }
  console.log(`== ${name}: fine, ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

function installChromium() {
  if (findChromium()) return;
  if (process.platform === "linux" && existsSync("/usr/bin/apt-get")) {
    console.log("Installing Chromium with apt-get …");
    const sudo = process.getuid() === 0 ? [] : ["sudo", "-n"];
    const apt = (...args) => {
      const [command, ...rest] = [...sudo, "apt-get", ...args];
      return run(command, rest, { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
    };
    if (apt("update", "-qq") === 0) apt("install", "-y", "-qq", "chromium");
  }
  if (!findChromium()) {
    console.error(
      "The browser tests need Chromium, Chrome or Edge and none was found. Install one, or set CHROMIUM to its path.",
    );
    process.exit(1);
  }
}
