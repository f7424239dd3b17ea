// Arithmetic that outlives its tier: holds the kernels and one matrix of embeddings, and when the machine under
// them fails, makes both anew (core/recovery.ts says where) and begins the work again.

import type { Kernels, ResidentMatrix, Tier } from "../src/core/kernels/kernels";
import { Recovery } from "../src/core/recovery";
import type { ComputeReport } from "./api";
import { openKernels, tierNames, type OpenedKernels } from "./compute/open-kernels";
import { TierFailed } from "./compute/tier-failed";

export interface Embeddings {
  readonly values: Float32Array;
  readonly rows: number;
  readonly dims: number;
}

export interface Resident extends Embeddings {
  readonly matrix: ResidentMatrix;
  readonly kernels: Kernels;
}

export interface SteadyTools {
  readonly open: typeof openKernels;
  readonly now: () => number;
  /** Before a matrix goes away, so that nothing beside the work still uses it. */
  readonly leaving: (resident: Resident) => void;
}

export class SteadyCompute {
  readonly #tools: SteadyTools;
  #preferred: Tier | "auto" = "auto";
  #recovery = new Recovery();
  /** The tier in use, or the one being made; null before the start. */
  #opened: Promise<OpenedKernels> | null = null;
  #embeddings: Embeddings | null = null;
  /** The embeddings on that tier. */
  #resident: Promise<Resident> | null = null;
  #notes: readonly string[] = [];
  #changed: (report: ComputeReport) => void = () => undefined;

  constructor(tools: Partial<SteadyTools> = {}) {
    this.#tools = { open: openKernels, now: () => Date.now(), leaving: () => undefined, ...tools };
  }

  async start(
    preferred: Tier | "auto",
    fastest: Tier,
    changed: (report: ComputeReport) => void,
  ): Promise<ComputeReport> {
    await this.#close();
    this.#preferred = preferred;
    this.#changed = changed;
    this.#recovery = new Recovery();
    this.#opened = this.#tools.open(preferred, { fastest });
    const { report } = await this.#opened;
    this.#notes = report.notes;
    return report;
  }

  /** Gives their memory back; nothing can run before the next `hold`. */
  async release(): Promise<void> {
    await this.#unload();
    this.#embeddings = null;
  }

  /** Holds these embeddings from now on, on whatever tier has room for them. */
  async hold(embeddings: Embeddings): Promise<void> {
    await this.#unload();
    this.#embeddings = embeddings;
    await this.run(async () => undefined);
  }

  /**
   * Runs work on the embeddings held; from its beginning again where the tier fails under it.
   * @throws TierFailed when no tier is left; whatever the work throws otherwise.
   */
  run<Result>(work: (resident: Resident) => Promise<Result>): Promise<Result> {
    return this.runAlone(async (opened) => work(await this.#upload(opened)));
  }

  /** The same for work that brings its own numbers. */
  async runAlone<Result>(work: (opened: OpenedKernels) => Promise<Result>): Promise<Result> {
    for (;;) {
      const opening = this.#opened;
      if (!opening) throw new Error("The learner was asked to work before it was started.");
      const opened = await opening;
      try {
        return await work(opened);
      } catch (error) {
        if (!(error instanceof TierFailed)) throw error;
        // Of works that fail together the first one sees to it.
        if (this.#opened === opening) {
          const replacing = this.#replace(opened, error);
          this.#opened = replacing;
          // Where nothing is left, asking again later may still work.
          replacing.catch(() => {
            if (this.#opened === replacing) this.#opened = opening;
          });
        }
        await this.#opened;
      }
    }
  }

  #upload({ kernels }: OpenedKernels): Promise<Resident> {
    const embeddings = this.#embeddings;
    if (!embeddings)
      return Promise.reject(new Error("The learner was asked for a round before it had embeddings."));
    const { values, rows, dims } = embeddings;
    return (this.#resident ??= kernels
      .upload(values, rows, dims)
      .then((matrix) => ({ ...embeddings, matrix, kernels })));
  }

  async #replace(failed: OpenedKernels, failure: TierFailed): Promise<OpenedKernels> {
    const { report } = failed;
    const next = this.#recovery.after(report.tier, this.#tools.now());
    if (next === null) {
      await this.#unload();
      throw failure;
    }
    this.#changed({ ...report, notes: this.#notes, state: "recovering" });
    await this.#unload();
    close(failed);
    const opened = await this.#tools.open(this.#preferred, { fastest: next });
    const { tier, notes } = opened.report;
    const outcome =
      tier === report.tier
        ? "It was started again."
        : `${tierNames[tier]} is used instead until you choose again.`;
    const sentence = `${failure.message} ${outcome} Your labels and embeddings are all there.`;
    this.#notes = [...new Set([...this.#notes, ...notes, sentence])];
    const told: OpenedKernels = { ...opened, report: { ...opened.report, notes: this.#notes } };
    this.#changed(told.report);
    return told;
  }

  async #unload(): Promise<void> {
    const uploading = this.#resident;
    this.#resident = null;
    const resident = await uploading?.catch(() => null);
    if (!resident) return;
    this.#tools.leaving(resident);
    resident.matrix.dispose();
  }

  async #close(): Promise<void> {
    await this.#unload();
    const opened = await this.#opened?.catch(() => null);
    this.#opened = null;
    if (opened) close(opened);
  }
}

function close({ kernels }: OpenedKernels): void {
  try {
    kernels.dispose();
  } catch (error) {
    // It is broken already, and nothing uses it any more.
    console.warn("The arithmetic could not be closed:", error);
  }
}
