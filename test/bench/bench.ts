// The benchmark: every kernel of every tier against the bytes it must move, against the reference and against
// the peers in Python; then the whole round at growing pools. Started by scripts/bench.mjs.

import type { Kernels, Tier } from "../../src/core/kernels/kernels";
import { createReferenceKernels } from "../../src/core/kernels/reference-kernels";
import { kernelCases, makeQuestion, type KernelCase, type Question } from "./kernel-cases";
import { heads } from "../../src/core/registry";
import { copyBandwidth, measure } from "./measure";
import { openTier } from "./open-tier";
import { timePeers, type PeerTimes } from "./peers";
import { makePool, type Pool, type PoolKind } from "./pool";
import { measureRound } from "./whole-round";

export interface BenchOptions {
  /** Beginnings of names of kernels, `round`, `heads` or `distilled`; empty for all. */
  readonly only: readonly string[];
  readonly tiers: readonly Tier[];
  readonly rows: number;
  /** Rows of the pools that rounds are measured on, ascending. */
  readonly rounds: readonly number[];
  readonly dims: number;
  readonly classes: number;
  readonly batch: number;
  readonly pool: PoolKind;
  readonly peers: boolean;
  readonly node: boolean;
  readonly say: (line: string) => void;
}

export interface BenchResult {
  readonly kernel: string;
  readonly tier: Tier;
  readonly rows: number;
  readonly dims: number;
  readonly classes: number;
  readonly batch: number;
  readonly ms: number;
  /** The first run, with what is made once and kept. */
  readonly firstMs: number;
  readonly cpuMs: number;
  /** What reading every row in full would move. */
  readonly bytes: number;
  /** Those bytes by that time: above the copy bandwidth where bounds spare reading. */
  readonly gbPerSecond: number;
  /** As a share of the copy bandwidth, measured in the same run. */
  readonly ofCopy: number;
  readonly gflops: number | null;
  readonly peakMb: number | null;
  readonly peerMs: number | null;
  readonly peerCpuMs: number | null;
  /** How many times faster than the reference, on `referenceRows`. */
  readonly timesReference: number | null;
}

/** What the reference does in seconds rather than minutes. */
const referenceRows = 1000;

export async function bench(options: BenchOptions): Promise<BenchResult[]> {
  const { rows, dims, classes, say } = options;
  const wanted = (name: string) =>
    options.only.length === 0 || options.only.some((part) => name.startsWith(part));
  const copy = copyBandwidth();
  say(`Copying moves ${copy.toFixed(1)} GB/s. Pool: ${rows} × ${dims}, ${options.pool}.`);
  const results: BenchResult[] = [];
  const pool = makePool(rows, dims, classes, options.pool);
  const peers = options.peers ? await timePeers(pool, options) : {};

  for (const tier of options.tiers) {
    const kernels = await openTier(tier, options.node, say).catch((error: Error) => say(error.message));
    if (!kernels) continue;
    const cases = kernelCases.filter(({ name }) => wanted(name));
    const faster = await againstReference(kernels, cases, options);
    if (cases.length > 0) {
      const question = await makeQuestion(kernels, pool, options.batch);
      for (const one of cases)
        results.push(await measureKernel(one, question, { tier, copy, peers, faster }));
      question.matrix.dispose();
    }
    if (wanted("round"))
      for (const warm of [false, true])
        results.push(...(await measureRounds(kernels, options, copy, peers, warm)));
    for (const [headId, { modes }] of heads) {
      const isDistilled = headId === "pool-distilled" && wanted("distilled");
      if (modes.includes("single") && (wanted("heads") || isDistilled))
        results.push(await measureHead(kernels, pool, headId, options, copy));
    }
    kernels.dispose();
  }
  return results;
}

interface Beside {
  readonly tier: Tier;
  readonly copy: number;
  readonly peers: PeerTimes;
  readonly faster: ReadonlyMap<string, number>;
}

async function measureKernel(
  one: KernelCase,
  question: Question,
  { tier, copy, peers, faster }: Beside,
): Promise<BenchResult> {
  const { rows, dims, classes } = question.pool;
  const measured = await measure(() => one.run(question));
  const bytes = 4 * one.numbers(question);
  const flops = one.flops?.(question) ?? 0;
  return {
    kernel: one.name,
    tier,
    rows,
    dims,
    classes,
    batch: question.batch,
    ...measured,
    ...speeds(bytes, measured.ms, copy),
    gflops: flops > 0 ? flops / measured.ms / 1e6 : null,
    ...ofPeer(peers, one.name),
    timesReference: faster.get(one.name) ?? null,
  };
}

function speeds(bytes: number, ms: number, copy: number) {
  const gbPerSecond = bytes / ms / 1e6;
  return { bytes, gbPerSecond, ofCopy: gbPerSecond / copy };
}

function ofPeer(peers: PeerTimes, name: string) {
  return { peerMs: peers[name] ?? null, peerCpuMs: peers[`${name}, processor`] ?? null };
}

async function againstReference(
  kernels: Kernels,
  cases: readonly KernelCase[],
  { dims, classes, batch, pool: kind }: BenchOptions,
): Promise<Map<string, number>> {
  const faster = new Map<string, number>();
  if (kernels.tier === "cpu" || cases.length === 0) return faster;
  const pool = makePool(referenceRows, dims, classes, kind);
  const plain = await makeQuestion(createReferenceKernels(), pool, batch);
  const fast = await makeQuestion(kernels, pool, batch);
  for (const one of cases) {
    const startedAt = performance.now();
    await one.run(plain);
    const plainMs = performance.now() - startedAt;
    faster.set(one.name, plainMs / (await measure(() => one.run(fast))).ms);
  }
  fast.matrix.dispose();
  return faster;
}

/** A warm round with one head on the pool that the kernels were measured on. */
async function measureHead(
  kernels: Kernels,
  pool: Pool,
  headId: string,
  { batch, say }: BenchOptions,
  copy: number,
): Promise<BenchResult> {
  const { cost, ...measured } = await measureRound(kernels, pool, { batch, headId, warm: true });
  const { fitMs, scoreMs, selectMs } = cost;
  const { rows, dims, classes } = pool;
  const parts = `fit ${fitMs.toFixed(1)}, score ${scoreMs.toFixed(1)}, select ${selectMs.toFixed(1)} ms`;
  say(`round with ${headId}, ${rows} rows: ${parts}`);
  return {
    kernel: `round, ${headId}`,
    tier: kernels.tier,
    rows,
    dims,
    classes,
    batch,
    ...measured,
    ...speeds(4 * rows * dims, measured.ms, copy),
    gflops: null,
    ...ofPeer({}, headId),
    timesReference: null,
  };
}

async function measureRounds(
  kernels: Kernels,
  { dims, classes, batch, pool: kind, rows: main, rounds, say }: BenchOptions,
  copy: number,
  peers: PeerTimes,
  warm: boolean,
): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  const name = warm ? "round, warm" : "round";
  for (const rows of rounds) {
    const pool = makePool(rows, dims, classes, kind);
    const { cost, ...measured } = await measureRound(kernels, pool, { batch, headId: "logistic", warm });
    const { fitMs, scoreMs, selectMs } = cost;
    say(
      `${name}, ${rows} rows: fit ${fitMs.toFixed(1)}, score ${scoreMs.toFixed(1)}, select ${selectMs.toFixed(1)} ms`,
    );
    results.push({
      kernel: name,
      tier: kernels.tier,
      rows,
      dims,
      classes,
      batch,
      ...measured,
      ...speeds(4 * rows * dims, measured.ms, copy),
      gflops: null,
      ...ofPeer(rows === main ? peers : {}, "round"),
      timesReference: null,
    });
  }
  if (results.length < 2) return results;
  const [low, high] = [results[0]!, results.at(-1)!];
  const slope = ((high.ms - low.ms) / (high.rows - low.rows)) * 10_000;
  const middle = results.map(({ rows, ms }) => (ms - low.ms) / ((rows - low.rows) / 10_000 || 1)).slice(1);
  say(
    `slope: ${slope.toFixed(2)} ms for each 10,000 rows (${middle.map((one) => one.toFixed(2)).join(", ")} from ${low.rows})`,
  );
  return results;
}
