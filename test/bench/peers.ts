// Times what people use today on the same data in the same run: scikit-learn and NumPy, where python3 has them.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { headById } from "../../src/core/registry";
import type { Pool } from "./pool";
import { labelledRows } from "./whole-round";

/** Milliseconds by the name of the kernel, and processor time as "name, processor"; what was not timed is left out. */
export type PeerTimes = Readonly<Record<string, number>>;

/** A version manager's python3 often hides the system's, which has the packages. */
const pythons = ["python3", "/usr/bin/python3"];

/** @param only beginnings of names; empty for all. The fit and the scores are timed in any case. */
export async function timePeers(
  pool: Pool,
  { batch, only, say }: { batch: number; only: readonly string[]; say: (line: string) => void },
): Promise<PeerTimes> {
  const folder = mkdtempSync(join(tmpdir(), "askwell-bench-"));
  try {
    writeFileSync(join(folder, "values.f32"), new Uint8Array(pool.values.buffer));
    writeFileSync(join(folder, "truth.u8"), pool.truth);
    const { rows, dims, classes } = pool;
    const strength = headById("logistic").parameters.find(({ id }) => id === "c")!.initial;
    const task = { rows, dims, classes, batch, strength, only, labelled: labelledRows(pool) };
    writeFileSync(join(folder, "task.json"), JSON.stringify(task));
    const python = pythons.find((one) => spawnSync(one, ["-c", "import sklearn"]).status === 0);
    if (!python) {
      say("No peers: python3 has no scikit-learn (apt-get install python3-sklearn).");
      return {};
    }
    const answer = execFileSync(python, ["test/bench/peers.py", folder], { encoding: "utf8" });
    const { versions, ...times } = JSON.parse(answer) as { versions: string } & Record<string, number>;
    const fits = ["fit", "fit at C = 1"].map((name) => `${name} ${times[name]!.toFixed(1)} ms`);
    say(`Peers: ${versions}; ${fits.join(", ")}.`);
    return times;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
