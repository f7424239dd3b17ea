// Ends a browser the hard way, as a crash or a power cut would.

import { execFileSync } from "node:child_process";

/** Kills every process of the browser that uses this profile, without warning. */
export function killBrowser(profile: string): void {
  const listed = execFileSync("ps", ["-eo", "pid=,args="], { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  const pids = listed
    .split("\n")
    .filter((line) => line.includes(`--user-data-dir=${profile}`))
    .map((line) => Number.parseInt(line, 10));
  if (pids.length === 0) throw new Error(`No browser runs on ${profile}.`);
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // Children die with their parent before their turn comes.
    }
  }
}
