// The learner: holds the embeddings of one project where the kernels reach them and runs rounds over them.
// It owns nothing that cannot be rebuilt: by itself when the arithmetic fails, by the page after a death.

import { createRandom, type Random } from "../src/core/random";
import { readsTerms, scoreModel, type Model } from "../src/core/learning/model";
import type { TermRows } from "../src/core/learning/terms";
import type { ResidentMatrix, Scores } from "../src/core/kernels/kernels";
import { headById } from "../src/core/registry";
import { runRound, termsOf, type RoundEmbeddings, type RoundTools } from "../src/core/run-round";
import { compareStrategies } from "../src/core/simulation/compare-strategies";
import { findNearPairs } from "../src/core/near-duplicates";
import { openWhenNeeded } from "../src/storage/database";
import { remeasure, type Remeasured } from "../src/core/evaluation/remeasure";
import { assess, fitBaseline } from "../src/core/evaluation/assess";
import { forecast } from "../src/core/evaluation/forecast";
import type { ProjectId } from "../src/core/ids";
import { classifierTwoSampleTest } from "../src/core/monitoring/drift";
import { findFarItems } from "../src/core/monitoring/far-items";
import type { Surroundings } from "../src/core/monitoring/surroundings";
import { GuessMemory } from "../src/core/monitoring/guess-memory";
import { loadRound, loadRoundDetail } from "../src/storage/round-store";
import { loadEmbeddings, loadTerms } from "../src/storage/embedding-store";
import type { LearnerApi, PoolPrediction } from "./api";
import { createBackgroundGraph, type BackgroundGraph } from "./background-graph";
import { measureKernels } from "./compute/measure";
import { nextTask } from "./serve";
import { SteadyCompute, type Resident, type SteadyTools } from "./steady-compute";

/** Which embeddings the compute holds; its own copy of them outlives a change of tier. */
interface Loaded {
  readonly projectId: ProjectId;
  readonly encoderKey: string;
  readonly values: Float32Array;
  /** Read from storage when first asked for. */
  readonly terms: () => Promise<TermRows | null>;
}

/** How far ahead the forecast looks: what a person gives in a sitting. */
const forecastLabels = 50;

/** @param tools what tests put in the place of the machine. */
export function createLearner(tools: Partial<SteadyTools> = {}): LearnerApi {
  const storage = openWhenNeeded();
  const graphs = new WeakMap<Resident, BackgroundGraph>();
  const compute = new SteadyCompute({ ...tools, leaving: (resident) => graphs.get(resident)?.cancel() });
  let loaded: Loaded | null = null;
  let warm: Model | null = null;
  let memory = new GuessMemory();
  let stop = new AbortController();

  function graphOf(resident: Resident): BackgroundGraph {
    const { matrix, values, kernels } = resident;
    const graph = graphs.get(resident) ?? createBackgroundGraph(matrix, values, kernels);
    graphs.set(resident, graph);
    return graph;
  }

  function embeddingsOf(resident: Resident): RoundEmbeddings {
    const { matrix, values } = resident;
    return { matrix, values, graph: () => graphOf(resident).ready(), terms: loaded?.terms ?? null };
  }

  function roundTools({ kernels }: Resident, seed: number): RoundTools {
    return { kernels, random: createRandom(seed), now: () => performance.now(), stop: null };
  }

  function loadedOrFail(): Loaded {
    if (!loaded) throw new Error("The learner was asked about embeddings before it had any.");
    return loaded;
  }

  return {
    start: (preferred, fastest, changed) => compute.start(preferred, fastest, changed),

    async load(projectId, encoderKey) {
      const embeddings = await loadEmbeddings(await storage(), projectId, encoderKey);
      await compute.hold(embeddings);
      const { rows, dims, values } = embeddings;
      let terms: Promise<TermRows | null> | null = null;
      const database = await storage();
      loaded = {
        projectId,
        encoderKey,
        values,
        terms: () => (terms ??= loadTerms(database, projectId, encoderKey, rows)),
      };
      warm = null;
      memory = new GuessMemory();
      return { rows, dims };
    },

    async round(input) {
      stop = new AbortController();
      const { signal } = stop;
      return compute.run(async (resident) => {
        const { kernels } = resident;
        const graph = graphOf(resident);
        // Begun with the first question, so that it is there by the time there is a head.
        if (headById(input.settings.headId).needs.includes("graph")) graph.start();
        const round = await runRound(input, embeddingsOf(resident), warm, {
          kernels,
          random: createRandom(input.settings.seed),
          now: () => performance.now(),
          stop: signal,
          memory,
        });
        await nextTask();
        signal.throwIfAborted();
        if (round.model) warm = round.model;
        return round;
      });
    },

    measure: () => compute.runAlone((opened) => measureKernels(opened, () => performance.now())),

    async predict(number) {
      const { projectId, encoderKey } = loadedOrFail();
      const database = await storage();
      const summary = await loadRound(database, projectId, number);
      const model = (await loadRoundDetail(database, projectId, number))?.model;
      if (!summary || !model) throw new Error(`Round ${number} has no model. Choose another round.`);
      if (summary.encoderKey !== encoderKey)
        throw new Error(
          `Round ${number} was made with other embeddings than the items have now. Choose a later round.`,
        );
      return compute.run(async (resident) => {
        const { matrix, kernels } = resident;
        const terms = await termsOf(model, embeddingsOf(resident));
        return likeliestOf(await scoreModel(model, matrix, kernels, null, terms), matrix.rows);
      });
    },

    nearPairs: (floor) =>
      compute.run(({ matrix, values, kernels }) =>
        findNearPairs(matrix, values, floor, { kernels, stop: null, pause: nextTask }),
      ),

    async remeasure(numbers, yardstick, seed) {
      const { projectId, encoderKey, values, terms } = loadedOrFail();
      const database = await storage();
      const measured: Remeasured[] = [];
      for (const number of numbers) {
        const summary = await loadRound(database, projectId, number);
        const model = (await loadRoundDetail(database, projectId, number))?.model;
        // A head of another encoder cannot judge these embeddings.
        if (!summary || !model || summary.encoderKey !== encoderKey) continue;
        const { classIds, trainCount } = summary;
        const random = createRandom(seed).fork(`remeasure ${number}`);
        measured.push({
          number,
          trainCount,
          ...remeasure(
            { classIds, model },
            yardstick,
            values,
            random,
            readsTerms(model) ? await terms() : null,
          ),
        });
        await nextTask();
      }
      const ahead = forecast(measured, forecastLabels, createRandom(seed).fork("forecast"));
      return { curve: measured, forecast: ahead };
    },

    async assess(number, input, asked) {
      if (!loaded) throw new Error("The learner was asked to measure before it had embeddings.");
      const detail = await loadRoundDetail(await storage(), loaded.projectId, number);
      const summary = await loadRound(await storage(), loaded.projectId, number);
      // The measures count in the classes of today; a model of others has to wait for the next round.
      const fits = summary?.classIds.join() === input.classIds.join();
      if (!detail?.model || !fits || summary.encoderKey !== loaded.encoderKey) return null;
      const { model } = detail;
      return compute.run((resident) =>
        assess(model, input, asked, embeddingsOf(resident), roundTools(resident, input.settings.seed)),
      );
    },

    fitBaseline: (fit, input) =>
      compute.run((resident) =>
        fitBaseline(fit, input, embeddingsOf(resident), roundTools(resident, input.settings.seed)),
      ),

    lookAround: ({ candidates, labelled, laterFrom, seed }) =>
      compute.run(async ({ matrix, values, kernels }) => {
        const random = createRandom(seed).fork("surroundings");
        const far = await findFarItems(matrix, candidates, labelled, { kernels, random, stop: null });
        await nextTask();
        return { far, drift: driftOf(matrix, values, laterFrom, random) };
      }),

    drift: (laterFrom, seed) =>
      compute.run(async ({ matrix, values }) =>
        driftOf(matrix, values, laterFrom, createRandom(seed).fork("surroundings")),
      ),

    async replay(plan, report) {
      stop = new AbortController();
      const { signal } = stop;
      return compute.run((resident) => {
        const { kernels } = resident;
        const graph = graphOf(resident);
        if (headById(plan.settings.headId).needs.includes("graph")) graph.start();
        const tools = { kernels, now: () => performance.now(), stop: signal };
        return compareStrategies(
          plan,
          { ...embeddingsOf(resident), graph: () => graph.finished() },
          tools,
          (done, total) => {
            report(done, total);
            return nextTask();
          },
        );
      });
    },

    stop: () => stop.abort(),
  };
}

function driftOf(
  { rows: all, dims }: ResidentMatrix,
  values: Float32Array,
  laterFrom: number,
  random: Random,
): Surroundings["drift"] {
  const rows = Uint32Array.from({ length: all }, (_, row) => row);
  const [earlier, later] = [rows.subarray(0, laterFrom), rows.subarray(laterFrom)];
  const drift = classifierTwoSampleTest(values, dims, earlier, later, { random, stop: null });
  return drift && { ...drift, earlier: earlier.length, later: later.length };
}

function likeliestOf({ probabilities }: Scores, rows: number): PoolPrediction {
  const classes = rows === 0 ? 0 : probabilities.length / rows;
  const guesses = new Uint16Array(rows);
  const confidences = new Float32Array(rows);
  for (let row = 0; row < rows; row++)
    for (let one = 0; one < classes; one++) {
      const probability = probabilities[row * classes + one]!;
      if (probability <= confidences[row]!) continue;
      confidences[row] = probability;
      guesses[row] = one;
    }
  return { guesses, confidences };
}
