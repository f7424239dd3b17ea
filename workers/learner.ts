// The learner: holds the embeddings of one project where the kernels reach them and runs rounds over them.
// It owns nothing that cannot be rebuilt: by itself when the arithmetic fails, by the page after a death.

import { createRandom } from "../src/core/random";
import { modelLogits, readsTerms, scoreModel, shapeOf } from "../src/core/learning/model";
import type { TermRows } from "../src/core/learning/terms";
import { scoresFromLogits } from "../src/core/kernels/scores";
import type { LabelledRow, RoundInput } from "../src/core/round";
import { sampledRows, WorkingPool } from "../src/core/working-pool";
import { headById } from "../src/core/registry";
import { termsOf, type RoundEmbeddings, type RoundTools } from "../src/core/run-round";
import { compareStrategies } from "../src/core/simulation/compare-strategies";
import { findNearPairs } from "../src/core/near-duplicates";
import { openWhenNeeded } from "../src/storage/database";
import { remeasure, type Remeasured } from "../src/core/evaluation/remeasure";
import { assess, fitBaseline } from "../src/core/evaluation/assess";
import { forecast } from "../src/core/evaluation/forecast";
import type { ProjectId } from "../src/core/ids";
import { findFarItems } from "../src/core/monitoring/far-items";
import { openShelf } from "./graph-shelf";
import { loadRound, loadRoundDetail } from "../src/storage/round-store";
import {
  countEmbedded,
  eachChunk,
  loadEmbeddings,
  loadSomeEmbeddings,
  loadTerms,
} from "../src/storage/embedding-store";
import type { LearnerApi } from "./api";
import { createBackgroundGraph, type BackgroundGraph } from "./background-graph";
import { driftOf } from "./drift-of";
import { measureKernels } from "./compute/measure";
import { nextTask } from "./serve";
import { makePrediction, takeLikeliest } from "./pool-prediction";
import { Turns, type Place } from "./turns";
import { SteadyCompute, type Embeddings, type Resident, type SteadyTools } from "./steady-compute";

/** Which embeddings the compute holds; its own copy of them outlives a change of tier. */
interface Loaded {
  readonly projectId: ProjectId;
  readonly encoderKey: string;
  /** Which rows they are of. */
  readonly pool: WorkingPool;
  readonly values: Float32Array;
  /** Read from storage when first asked for. */
  readonly terms: () => Promise<TermRows | null>;
}

/** How far ahead the forecast looks: what a person gives in a sitting. */
const forecastLabels = 50;

/** @param tools what tests put in the place of the machine. @param mostRows of a larger pool this many are drawn. */
export function createLearner(tools: Partial<SteadyTools> = {}, mostRows = sampledRows): LearnerApi {
  const storage = openWhenNeeded();
  const graphs = new WeakMap<Resident, BackgroundGraph>();
  const compute = new SteadyCompute({ ...tools, leaving: (resident) => graphs.get(resident)?.cancel() });
  let loaded: Loaded | null = null;
  let turns = new Turns();
  let stop = new AbortController();

  function graphOf(resident: Resident): BackgroundGraph {
    const { matrix, values, kernels } = resident;
    const graph =
      graphs.get(resident) ??
      createBackgroundGraph(matrix, values, kernels, openShelf(storage, { ...loadedOrFail(), values }));
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

  function stoppable<Result>(
    work: (place: Place) => Promise<Result>,
    { signal } = (stop = new AbortController()),
  ): Promise<Result> {
    return compute.run((resident) =>
      work({ resident, graph: graphOf(resident), embeddings: embeddingsOf(resident), signal }),
    );
  }

  function loadedOrFail(): Loaded {
    if (!loaded) throw new Error("The learner was asked about embeddings before it had any.");
    return loaded;
  }

  async function hold(projectId: ProjectId, encoderKey: string, pool: WorkingPool): Promise<Embeddings> {
    const database = await storage();
    // The one before makes room first: both may be most of what the tab can hold.
    loaded = null;
    await compute.release();
    const embeddings = pool.rows
      ? await loadSomeEmbeddings(database, projectId, encoderKey, pool.rows)
      : await loadEmbeddings(database, projectId, encoderKey, pool.total);
    await compute.hold(embeddings);
    let terms: Promise<TermRows | null> | null = null;
    loaded = {
      projectId,
      encoderKey,
      pool,
      values: embeddings.values,
      terms: () => (terms ??= loadTerms(database, projectId, encoderKey, pool.total, pool.rows)),
    };
    turns = new Turns();
    return embeddings;
  }

  /** Labels may lie outside the sample: found by searching, brought by a file, or given by a colleague. */
  async function holding(...labelled: readonly (readonly LabelledRow[])[]): Promise<Loaded> {
    const { projectId, encoderKey, pool } = loadedOrFail();
    const wanted = pool.including(labelled.flatMap((rows) => rows.map(({ row }) => row)));
    if (wanted !== pool) await hold(projectId, encoderKey, wanted);
    return loadedOrFail();
  }

  async function takeTurn<Found>(
    given: RoundInput,
    take: (input: RoundInput, place: Place) => Promise<Found>,
  ): Promise<{ pool: WorkingPool; found: Found }> {
    // From here on, so that a stop is heard while rows are read too.
    const stopping = (stop = new AbortController());
    const { pool } = await holding(given.train, given.holdOut);
    const input = pool.inputPlaces(given);
    return { pool, found: await stoppable((place) => take(input, place), stopping) };
  }

  return {
    start: (preferred, fastest, changed) => compute.start(preferred, fastest, changed),

    async load(projectId, encoderKey, seed) {
      const total = await countEmbedded(await storage(), projectId, encoderKey);
      const { rows, dims } = await hold(projectId, encoderKey, WorkingPool.draw(total, seed, mostRows));
      return { rows, dims };
    },

    async round(given) {
      const { pool, found } = await takeTurn(given, (input, place) => turns.round(input, place));
      return pool.roundRows(found);
    },

    async refresh(given, fit) {
      const { pool, found } = await takeTurn(given, (input, place) => turns.refresh(input, fit, place));
      return { ...found, questions: pool.questionRows(found.questions) };
    },

    async deepen() {
      const { pool } = loadedOrFail();
      const questions = await stoppable((place) => turns.deepen(place));
      return questions && pool.questionRows(questions);
    },

    measure: () => compute.runAlone((opened) => measureKernels(opened, () => performance.now())),

    async predict(number) {
      const { projectId, encoderKey, pool } = loadedOrFail();
      const database = await storage();
      const summary = await loadRound(database, projectId, number);
      const model = (await loadRoundDetail(database, projectId, number))?.model;
      if (!summary || !model) throw new Error(`Round ${number} has no model. Choose another round.`);
      if (summary.encoderKey !== encoderKey)
        throw new Error(
          `Round ${number} was made with other embeddings than the items have now. Choose a later round.`,
        );
      if (!pool.rows)
        return compute.run(async (resident) => {
          const { matrix, kernels } = resident;
          const terms = await termsOf(model, embeddingsOf(resident));
          const said = makePrediction(matrix.rows);
          takeLikeliest(await scoreModel(model, matrix, kernels, null, terms), 0, said);
          return said;
        });
      // The rows that are not held go through in blocks.
      const said = makePrediction(pool.total);
      for await (const chunk of eachChunk(database, projectId, encoderKey, pool.total)) {
        const { firstRow, rows, dims, values, terms } = chunk;
        const logits = modelLogits(model, new Float32Array(values, 0, rows * dims), rows, terms ?? null);
        const { classes } = shapeOf(model);
        takeLikeliest(scoresFromLogits(logits, rows, classes, model.activation), firstRow, said);
      }
      return said;
    },

    async nearPairs(floor) {
      const { pool } = loadedOrFail();
      const { left, right, similarities } = await compute.run(({ matrix, values, kernels }) =>
        findNearPairs(matrix, values, floor, { kernels, stop: null, pause: nextTask }),
      );
      return { left: pool.rowsAt(left), right: pool.rowsAt(right), similarities };
    },

    async remeasure(numbers, { holdOut, ...about }, seed) {
      const { projectId, encoderKey, pool, values, terms } = await holding(holdOut);
      const yardstick = { ...about, holdOut: pool.labelledPlaces(holdOut) };
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

    async assess(number, given, askedRows) {
      const { projectId, encoderKey, pool } = await holding(given.train, given.holdOut);
      const input = pool.inputPlaces(given);
      const asked = askedRows.flatMap((one) =>
        pool.has(one.row) ? [{ ...one, row: pool.placeOf(one.row) }] : [],
      );
      const detail = await loadRoundDetail(await storage(), projectId, number);
      const summary = await loadRound(await storage(), projectId, number);
      // The measures count in the classes of today; a model of others has to wait for the next round.
      const fits = summary?.classIds.join() === input.classIds.join();
      if (!detail?.model || !fits || summary.encoderKey !== encoderKey) return null;
      const { model } = detail;
      return compute.run((resident) =>
        assess(model, input, asked, embeddingsOf(resident), roundTools(resident, input.settings.seed)),
      );
    },

    async fitBaseline(fit, given) {
      const { pool } = await holding(given.train, given.holdOut);
      const input = pool.inputPlaces(given);
      return compute.run((resident) =>
        fitBaseline(fit, input, embeddingsOf(resident), roundTools(resident, input.settings.seed)),
      );
    },

    async lookAround(around) {
      const { seed } = around;
      const { pool } = loadedOrFail();
      const [candidates, labelled] = [pool.placesOf(around.candidates), pool.placesOf(around.labelled)];
      const laterFrom = pool.countBelow(around.laterFrom);
      const { far, drift } = await compute.run(async ({ matrix, values, kernels }) => {
        const random = createRandom(seed).fork("surroundings");
        const far = await findFarItems(matrix, candidates, labelled, { kernels, random, stop: null });
        await nextTask();
        return { far, drift: driftOf(matrix, values, laterFrom, random) };
      });
      const groups = far.groups.map((group) => group.map((place) => pool.rowAt(place)));
      return { far: { ...far, groups }, drift };
    },

    async drift(laterFrom, seed) {
      const { pool } = loadedOrFail();
      const from = pool.countBelow(laterFrom);
      return compute.run(async ({ matrix, values }) =>
        driftOf(matrix, values, from, createRandom(seed).fork("surroundings")),
      );
    },

    async replay(given, report) {
      stop = new AbortController();
      const { signal } = stop;
      const { pool } = await holding(given.labelled);
      const plan = { ...given, labelled: pool.labelledPlaces(given.labelled) };
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
