// The learner: holds the embeddings of one project where the kernels reach them and runs rounds over them.
// It owns nothing that cannot be rebuilt: the page loads it again after a death.

import { createRandom } from "../src/core/random";
import type { LinearLayer, Kernels, ResidentMatrix } from "../src/core/kernels";
import { headById } from "../src/core/registry";
import { runRound } from "../src/core/run-round";
import { openWhenNeeded } from "../src/storage/database";
import { loadEmbeddings } from "../src/storage/embedding-store";
import type { LearnerApi } from "./api";
import { createBackgroundGraph, type BackgroundGraph } from "./background-graph";
import { openKernels } from "./compute/open-kernels";
import { nextTask } from "./serve";

interface Loaded {
  readonly matrix: ResidentMatrix;
  readonly values: Float32Array;
  readonly graph: BackgroundGraph;
}

export function createLearner(): LearnerApi {
  const storage = openWhenNeeded();
  let kernels: Kernels | null = null;
  let loaded: Loaded | null = null;
  let warm: LinearLayer | null = null;
  let stop = new AbortController();

  function unload(): void {
    loaded?.graph.cancel();
    loaded?.matrix.dispose();
    loaded = null;
  }

  return {
    async start(preferred) {
      unload();
      kernels?.dispose();
      const opened = await openKernels(preferred);
      kernels = opened.kernels;
      return opened.report;
    },

    async load(projectId, encoderKey) {
      if (!kernels) throw new Error("The learner was asked to load before it was started.");
      const { values, rows, dims } = await loadEmbeddings(await storage(), projectId, encoderKey);
      unload();
      const matrix = await kernels.upload(values, rows, dims);
      loaded = { matrix, values, graph: createBackgroundGraph(matrix, values, kernels) };
      warm = null;
      return { rows, dims };
    },

    async round(input) {
      if (!kernels || !loaded) throw new Error("The learner was asked for a round before it had embeddings.");
      stop = new AbortController();
      const { signal } = stop;
      const { matrix, values, graph } = loaded;
      // Begun with the first question, so that it is there by the time there is a head.
      if (headById(input.settings.headId).needs.includes("graph")) graph.start();
      const round = await runRound(input, { matrix, values, graph: () => graph.ready() }, warm, {
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

    stop: () => stop.abort(),
  };
}
