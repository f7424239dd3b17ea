// `npm test`: installs what is missing, Chromium too where it can, then runs every check and every test.

import { existsSync, readFileSync } from "node:fs";
import { findChromium } from "./chromium.mjs";
import { checkNode, installPackages, root, run, runAside, runPackage } from "./install.mjs";

checkNode();
installPackages();
installChromium();

// Two cores, two rows of checks: neither needs what the other makes.
await Promise.all([
  checkInTurn([
    ["Format", ["exec", "--no", "--", "prettier", "--check", "--log-level", "warn", "."]],
    ["Build", ["exec", "--no", "--", "vite", "build", "--logLevel", "warn"]],
  ]),
  checkInTurn([["Types", ["run", "--silent", "check"]]]),
]);
const report = `${root}.artifacts/tests.json`;
step("Tests (unit, browser, end to end)", () =>
  runPackage("vitest", ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`]),
);
const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, "utf8"));
console.log(`\n${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);

function step(name, work) {
  const started = Date.now();
  console.log(`\n== ${name}`);
  end(name, work(), started);
}

/** Each an npm command; what one prints is shown when it has ended, so that two rows do not mix. */
async function checkInTurn(checks) {
  for (const [name, args] of checks) {
    const started = Date.now();
    const { status, output } = await runAside("npm", args);
    console.log(`\n== ${name}\n${output}`.trimEnd());
    end(name, status, started);
  }
}

function end(name, status, started) {
  if (status !== 0) {
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
