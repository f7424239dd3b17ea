// The turns of one project in the learner: rounds, looks between them, and second thoughts while nobody answers. Keeps
// what the next turn starts from.

import { createRandom } from "../src/core/random";
import { headById } from "../src/core/registry";
import { runTurn, type RoundEmbeddings, type RoundTools, type Turn } from "../src/core/run-round";
import { deepen } from "../src/core/selection/deepen";
import { GuessMemory } from "../src/core/monitoring/guess-memory";
import type { FitBase } from "../src/core/learning/update-head";
import type { Model } from "../src/core/learning/model";
import type { Question, Refreshed, Round, RoundInput } from "../src/core/round";
import type { BackgroundGraph } from "./background-graph";
import { nextTask } from "./serve";
import type { Resident } from "./steady-compute";

/** Where a turn is taken. */
export interface Place {
  readonly resident: Resident;
  readonly graph: BackgroundGraph;
  readonly embeddings: RoundEmbeddings;
  readonly signal: AbortSignal;
}

export class Turns {
  #warm: Model | null = null;
  #base: FitBase | null = null;
  #memory = new GuessMemory();
  #last: { readonly input: RoundInput; readonly turn: Turn } | null = null;

  /** A round that will be kept, fitted to all labels. */
  async round(input: RoundInput, place: Place): Promise<Round> {
    return (await this.#take(input, place, { memory: this.#memory })).round;
  }

  /** Not remembered for agreement between rounds, which counts kept ones only. */
  async refresh(input: RoundInput, fit: "full" | "update", place: Place): Promise<Refreshed> {
    const turn = await this.#take(input, place, { base: fit === "update" ? this.#base : null });
    const { classIds, strategyId, questions, cost } = turn.round;
    return { classIds, strategyId, questions, cost, fit: turn.fit, hasHead: turn.head !== null };
  }

  async deepen({ resident, signal }: Place): Promise<readonly Question[] | null> {
    const last = this.#last;
    // After a change of tier the scores are of a matrix that is gone.
    if (!last || last.turn.basis.matrix !== resident.matrix) return null;
    const { head, basis, random } = last.turn;
    const tools = { kernels: resident.kernels, random, stop: signal, pause: nextTask };
    return deepen(last.input, head, basis, tools);
  }

  async #take(input: RoundInput, place: Place, more: Partial<RoundTools>): Promise<Turn> {
    const { resident, graph, embeddings, signal } = place;
    // Begun with the first question, so that it is there by the time there is a head.
    if (headById(input.settings.headId).needs.includes("graph")) graph.start();
    const turn = await runTurn(input, embeddings, this.#warm, {
      kernels: resident.kernels,
      random: createRandom(input.settings.seed),
      now: () => performance.now(),
      stop: signal,
      pause: nextTask,
      ...more,
    });
    await nextTask();
    signal.throwIfAborted();
    this.#last = { input, turn };
    if (turn.head && turn.fit === "full") {
      this.#warm = turn.head.model;
      this.#base = { fitted: turn.head, classes: input.classIds.join(), train: input.train };
    }
    return turn;
  }
}
