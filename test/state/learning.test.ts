// When the learner is asked, what of its findings is kept, and what a newer answer does to work under way. The worker
// and the database are stood in for; the queue, the plan and the log are the real ones.

import { beforeEach, expect, test, vi } from "vitest";
import { Stopped } from "../../src/core/errors";
import type { Question, Refreshed, Round, RoundInput } from "../../src/core/round";
import type { Learner } from "../../src/engine/learner";
import type { Asked } from "../../src/state/asked";
import { Learning } from "../../src/state/learning.svelte";
import { classId } from "../core/make-events";
import { fakeSession } from "./fake-session";

type Call =
  | { readonly at: "round"; readonly input: RoundInput; readonly end: (round: Round) => void }
  | { readonly at: "refresh"; readonly input: RoundInput; readonly end: (found: Refreshed) => void }
  | { readonly at: "deepen"; readonly end: (questions: readonly Question[] | null) => void };

const world = vi.hoisted(() => ({
  calls: [] as unknown[],
  saved: [] as unknown[][],
  rest: async (): Promise<void> => undefined,
}));

function call<T>(about: object, signal: AbortSignal): Promise<T> {
  return new Promise((end, fail) => {
    signal.addEventListener("abort", () => fail(new Stopped()));
    world.calls.push({ ...about, end });
  });
}

vi.mock("../../src/engine/learner", () => ({
  openLearner: (): Partial<Learner> => ({
    report: null,
    load: async () => ({ tier: "cpu", adapter: null, notes: [], check: "", state: "ready" }),
    round: (input, signal) => call({ at: "round", input }, signal),
    refresh: (input, _fit, signal) => call({ at: "refresh", input }, signal),
    deepen: (signal) => call({ at: "deepen" }, signal),
    close: () => undefined,
  }),
}));
vi.mock("../../src/state/after-paint", () => ({
  painted: async () => undefined,
  pause: () => world.rest(),
}));
vi.mock("../../src/storage/round-store", () => ({
  loadRounds: async () => [],
  loadQuestions: async () => [],
  saveRound: async (_: unknown, about: object, round: Round, asked: unknown[]) => {
    world.saved.push(asked);
    return { ...round, ...about, hasHead: round.model !== null };
  },
}));

const question = (row: number): Question => ({
  row,
  source: "strategy",
  stage: "weighted-coverage",
  score: 1,
  reason: "because",
  guess: 0,
  confidence: 0.6,
  probabilities: [0.6, 0.4],
});
const cost = { fitMs: 5, scoreMs: 1, selectMs: 1 };
const classIds = [classId("cat"), classId("dog")];
const refreshed = (...rows: number[]): Refreshed => ({
  classIds,
  strategyId: "auto",
  questions: rows.map(question),
  cost,
  fit: "full",
  hasHead: true,
});
const round = (input: RoundInput, ...rows: number[]) =>
  ({ ...input, ...refreshed(...rows), trainCount: 0, holdOutCount: 0, model: null }) as unknown as Round;

beforeEach(() => {
  world.calls.length = 0;
  world.saved.length = 0;
  world.rest = async () => undefined;
});

function open() {
  const { session } = fakeSession(100, ["cat", "dog"], {
    embedding: { rows: 100, encoderKey: "key" },
    shell: { preferences: { tier: "auto" }, tell: () => undefined },
    labelling: { asked: { item: { row: 7 } }, refresh: async () => undefined },
  });
  const learning = new Learning(session);
  Object.assign(session, { learning });
  return learning;
}

/** Looked for at once; the limit is for what hangs, not for a busy machine. */
const soon = { interval: 1, timeout: 30_000 };

/** The next call the learner gets. */
async function next<At extends Call["at"]>(at: At): Promise<Extract<Call, { at: At }>> {
  await vi.waitFor(() => expect(world.calls).not.toHaveLength(0), soon);
  const call = world.calls.shift() as Call;
  expect(call.at).toBe(at);
  return call as Extract<Call, { at: At }>;
}
const settle = () => new Promise((resolve) => setTimeout(resolve));
/** A question of a look between rounds, answered; and how many are open then. */
const answer = (learning: Learning, row: number, openNow = 9) =>
  learning.noteAnswer({ chosen: { question: question(row), classIds } } as unknown as Asked, openNow);

test("a round is asked for without the item in view, kept, thought over, and thought over no more at an answer", async () => {
  const learning = open();
  learning.request();
  const first = await next("round");
  expect(first.input.candidates).not.toContain(7);
  expect(first.input.asked).toBe(1);
  first.end(round(first.input, 1, 2, 3));
  const thoughts = await next("deepen");
  expect(learning.queue).toMatchObject({ round: 1, between: false });
  thoughts.end([question(9), question(8)]);
  await settle();
  expect(learning.queue.questions.map(({ row }) => row)).toEqual([9, 8]);
  expect(learning.queue).toMatchObject({ round: 1, between: true });

  answer(learning, 9);
  const look = await next("refresh");
  expect(look.input).toMatchObject({ between: true, number: 2 });
  look.end(refreshed(4, 5, 6));
  await next("deepen");
  expect(learning.queue.questions.map(({ row }) => row)).toEqual([4, 5, 6]);
  // These thoughts are given up for the next answer, and what they find is not heard.
  answer(learning, 4);
  await next("refresh");
  expect(learning.phase.at).toBe("running");
  expect(world.saved).toHaveLength(1);
});

test("every fifth answer is kept as a round, with what was asked since the one before", async () => {
  const learning = open();
  for (let row = 20; row < 24; row++) {
    answer(learning, row);
    (await next("refresh")).end(refreshed(40, 41, 42, 43));
    await next("deepen");
  }
  answer(learning, 24);
  const kept = await next("round");
  kept.end(round(kept.input, 1));
  await next("deepen");
  expect(world.saved).toEqual([[20, 21, 22, 23, 24].map(question)]);
  expect(learning.rounds).toHaveLength(1);
});

test("a newer answer drops a look twice, then lets one finish", async () => {
  const learning = open();
  answer(learning, 20);
  const late = await next("refresh");
  answer(learning, 21);
  await next("refresh");
  answer(learning, 22);
  const third = await next("refresh");
  late.end(refreshed(1));
  answer(learning, 23);
  await settle();
  expect(learning.queue.questions).toEqual([]);
  third.end(refreshed(30, 31));
  // The fourth answer is looked at next.
  await next("refresh");
  expect(learning.queue.questions.map(({ row }) => row)).toEqual([30, 31]);
});

test("a look waits until the fingers rest, and for three answers at most", async () => {
  const learning = open();
  const rests: (() => void)[] = [];
  world.rest = () => new Promise((end) => rests.push(end));
  const rest = async () => {
    await vi.waitFor(() => expect(rests).not.toHaveLength(0), soon);
    rests.shift()!();
    await settle();
  };
  answer(learning, 20);
  expect(learning.phase.at).toBe("running");
  for (let row = 21; row < 23; row++) {
    await vi.waitFor(() => expect(rests).toHaveLength(1), soon);
    answer(learning, row);
    await rest();
    expect(world.calls).toEqual([]);
  }
  await vi.waitFor(() => expect(rests).toHaveLength(1), soon);
  answer(learning, 23);
  await rest();
  const look = await next("refresh");
  world.rest = async () => undefined;
  look.end(refreshed(30, 31));
  await next("deepen");
  answer(learning, 24);
  // The fifth is kept as a round, which waits for nothing.
  await next("round");
});

test("changed labels or settings drop a look at once, and ask for a round", async () => {
  const learning = open();
  answer(learning, 20);
  await next("refresh");
  learning.request();
  await next("round");
});

test("a round under way is never dropped for an answer", async () => {
  const learning = open();
  learning.request();
  const kept = await next("round");
  answer(learning, 20);
  await settle();
  kept.end(round(kept.input, 1, 2));
  await next("refresh");
  expect(learning.rounds).toHaveLength(1);
});

test("a failure is said, and trying again is all it takes", async () => {
  const learning = open();
  learning.request();
  const call = (await next("round")) as unknown as { end: (value: Promise<never>) => void };
  call.end(Promise.reject(new Error("The pool has no candidates.")));
  await vi.waitFor(
    () => expect(learning.phase).toEqual({ at: "failed", message: "The pool has no candidates." }),
    soon,
  );
  learning.request();
  const again = await next("round");
  again.end(round(again.input, 1));
  await next("deepen");
  expect(learning.phase.at).toBe("idle");
});

test("nothing is asked once it is closed", async () => {
  const learning = open();
  answer(learning, 20);
  await next("refresh");
  learning.close();
  await settle();
  learning.request();
  await settle();
  expect(world.calls).toEqual([]);
});
