// Times what people use today on the same data in the same run: scikit-learn and NumPy, where python3 has them.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Pool } from "./pool";
import { labelledRows } from "./whole-round";

/** Milliseconds by the name of the kernel; what could not be timed is left out. */
export type PeerTimes = Readonly<Record<string, number>>;

export async function timePeers(pool: Pool, batch: number, say: (line: string) => void): Promise<PeerTimes> {
  const folder = mkdtempSync(join(tmpdir(), "askwell-bench-"));
  try {
    writeFileSync(join(folder, "values.f32"), new Uint8Array(pool.values.buffer));
    writeFileSync(join(folder, "truth.u8"), pool.truth);
    const { rows, dims, classes } = pool;
    const task = { rows, dims, classes, batch, labelled: labelledRows(pool) };
    writeFileSync(join(folder, "task.json"), JSON.stringify(task));
    const { status, stdout, stderr } = spawnSync("python3", ["test/bench/peers.py", folder], {
      encoding: "utf8",
    });
    if (status !== 0) {
      say(`No peers: ${stderr?.trim().split("\n").at(-1) ?? "python3 is not there"}.`);
      return {};
    }
    const { versions, ...times } = JSON.parse(stdout) as { versions: string } & Record<string, number>;
    say(`Peers: ${versions}.`);
    return times;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
