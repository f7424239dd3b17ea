// What the learner is asked besides what to ask next: how good its models are, what lies around the labels, what a
// model says of the items.

import type { MeasuredCurve, PoolPrediction } from "../../workers/api";
import type { AskedRow, Assessment } from "../core/evaluation/assess";
import type { BaselineFit, BaselineResult } from "../core/evaluation/random-baseline";
import type { ClassId } from "../core/ids";
import type { Surroundings } from "../core/monitoring/surroundings";
import type { NearPairs } from "../core/near-duplicates";
import type { RoundInput } from "../core/round";
import type { Learner } from "../engine/learner";
import type { Session } from "./session.svelte";

/** More points than this cost time and show nothing new. */
const curvePoints = 40;

export class Consulting {
  readonly #session: Session;
  readonly #connect: () => Promise<Learner | null>;

  /** @param connect gives the learner with the embeddings there are; null before there are any. */
  constructor(session: Session, connect: () => Promise<Learner | null>) {
    this.#session = session;
    this.#connect = connect;
  }

  /**
   * The heads so far on the hold-out as it is now, and the classes that counts in; null before there is a head or
   * embeddings for it.
   */
  async measureCurve(): Promise<(MeasuredCurve & { readonly classIds: readonly ClassId[] }) | null> {
    const { learning, project } = this.#session;
    const withHead = learning.rounds.filter(({ hasHead }) => hasHead);
    const learner = withHead.length > 0 ? await this.#connect() : null;
    if (!learner) return null;
    const { classIds, holdOut, answerMode } = learning.input();
    const numbers = spread(withHead, curvePoints).map(({ number }) => number);
    const yardstick = { classIds, holdOut, answerMode };
    return { ...(await learner.remeasure(numbers, yardstick, project.settings.seed)), classIds };
  }

  /** A close look at the model of that round; null where it is of other classes or embeddings than today's. */
  async assess(number: number, asked: readonly AskedRow[]): Promise<Assessment | null> {
    const learner = await this.#connect();
    return learner && learner.assess(number, this.#session.learning.input(), asked);
  }

  /** One fit of the random baseline, for an input it was planned for. @throws without embeddings. */
  async fitBaseline(fit: BaselineFit, input: RoundInput): Promise<BaselineResult> {
    return (await this.#connectOrFail()).fitBaseline(fit, input);
  }

  /** What lies apart from the labels, and whether the last import does; null before there are embeddings. */
  async lookAround(): Promise<Surroundings | null> {
    const learner = await this.#connect();
    if (!learner) return null;
    const { candidates, train, holdOut, settings } = this.#session.learning.input();
    const labelled = Uint32Array.from([...train, ...holdOut], ({ row }) => row).sort();
    const laterFrom = this.#lastImportFrom();
    return learner.lookAround({ candidates, labelled, laterFrom, seed: settings.seed });
  }

  /** Whether the items of the last import are of another kind; null where there are too few to tell. */
  async drift(): Promise<Surroundings["drift"]> {
    const learner = await this.#connect();
    return learner && learner.drift(this.#lastImportFrom(), this.#session.project.settings.seed);
  }

  /** What the model of a round says of every item. @throws where nothing has been embedded yet. */
  async predict(round: number): Promise<PoolPrediction> {
    return (await this.#connectOrFail()).predict(round);
  }

  /** Pairs of items at least `floor` alike. @throws where nothing has been embedded yet. */
  async nearPairs(floor: number): Promise<NearPairs> {
    return (await this.#connectOrFail()).nearPairs(floor);
  }

  /** The first row of the last import; 0 where there was one only. */
  #lastImportFrom(): number {
    const { embedding, importing } = this.#session;
    const last = importing.records.find(({ added }) => added > 0);
    return last ? Math.max(0, embedding.rows - last.added) : 0;
  }

  async #connectOrFail(): Promise<Learner> {
    const learner = await this.#connect();
    if (!learner) throw new Error("The machine has not looked at the items yet. Try again when it has.");
    return learner;
  }
}

/** At most `count` of the values, evenly, the first and last among them. */
function spread<T>(values: readonly T[], count: number): T[] {
  if (values.length <= count) return [...values];
  return Array.from(
    { length: count },
    (_, at) => values[Math.round((at * (values.length - 1)) / (count - 1))]!,
  );
}
