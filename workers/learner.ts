// The learner: holds the embeddings of one project where the kernels reach them and runs rounds over them.
// It owns nothing that cannot be rebuilt: the page loads it again after a death.

import { createRandom } from "../src/core/random";
import type { LinearLayer, Kernels, ResidentMatrix } from "../src/core/kernels";
import { runRound } from "../src/core/run-round";
import { openWhenNeeded } from "../src/storage/database";
import { remeasure, type Remeasured } from "../src/core/remeasure";
import type { ProjectId } from "../src/core/ids";
import { loadRound, loadRoundDetail } from "../src/storage/round-store";
import { loadEmbeddings } from "../src/storage/embedding-store";
import type { LearnerApi } from "./api";
import { openKernels } from "./compute/open-kernels";
import { nextTask } from "./serve";

interface Loaded {
  readonly projectId: ProjectId;
  readonly encoderKey: string;
  readonly matrix: ResidentMatrix;
  readonly values: Float32Array;
}

export function createLearner(): LearnerApi {
  const storage = openWhenNeeded();
  let kernels: Kernels | null = null;
  let loaded: Loaded | null = null;
  let warm: LinearLayer | null = null;
  let stop = new AbortController();

  return {
    async start(preferred) {
      loaded?.matrix.dispose();
      loaded = null;
      kernels?.dispose();
      const opened = await openKernels(preferred);
      kernels = opened.kernels;
      return opened.report;
    },

    async load(projectId, encoderKey) {
      if (!kernels) throw new Error("The learner was asked to load before it was started.");
      const { values, rows, dims } = await loadEmbeddings(await storage(), projectId, encoderKey);
      loaded?.matrix.dispose();
      loaded = { projectId, encoderKey, matrix: await kernels.upload(values, rows, dims), values };
      warm = null;
      return { rows, dims };
    },

    async round(input) {
      if (!kernels || !loaded) throw new Error("The learner was asked for a round before it had embeddings.");
      stop = new AbortController();
      const { signal } = stop;
      const round = await runRound(input, loaded, warm, {
        kernels,
        random: createRandom(input.settings.seed),
        now: () => performance.now(),
        stop: signal,
      });
      await nextTask();
      signal.throwIfAborted();
      if (round.layer) warm = round.layer;
      return round;
    },

    async remeasure(numbers, yardstick, seed) {
      if (!loaded) throw new Error("The learner was asked to measure before it had embeddings.");
      const { projectId, encoderKey, values } = loaded;
      const database = await storage();
      const measured: Remeasured[] = [];
      for (const number of numbers) {
        const summary = await loadRound(database, projectId, number);
        const layer = (await loadRoundDetail(database, projectId, number))?.layer;
        // A head of another encoder cannot judge these embeddings.
        if (!summary || !layer || summary.encoderKey !== encoderKey) continue;
        const { classIds, trainCount } = summary;
        const random = createRandom(seed).fork(`remeasure ${number}`);
        measured.push({
          number,
          trainCount,
          evaluation: remeasure({ classIds, layer }, yardstick, values, random),
        });
        await nextTask();
      }
      return measured;
    },

    stop: () => stop.abort(),
  };
}
