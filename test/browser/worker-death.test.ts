// The death of the real learner worker in the middle of a call: noticed by the lock it held, since a worker
// that is ended from outside raises no event.

import { afterEach, expect, test } from "vitest";
import { openWorker, WorkerDied, type WorkerHandle } from "../../src/engine/worker-handle";
import type { AliveMessage, LearnerApi } from "../../workers/api";

const started: Worker[] = [];
const alive: Promise<string>[] = [];
let handle: WorkerHandle<LearnerApi> | null = null;

function startLearner(): Worker {
  const worker = new Worker(new URL("../../workers/learner.worker.ts", import.meta.url), { type: "module" });
  started.push(worker);
  alive.push(
    new Promise((resolve) =>
      worker.addEventListener("message", ({ data }: MessageEvent<AliveMessage>) => {
        if (data?.type === "askwell-alive") resolve(data.lock);
      }),
    ),
  );
  return worker;
}

/** What the worker tells of its arithmetic is not what these tests are about. */
const ignore = () => undefined;

afterEach(() => {
  handle?.close();
  started.length = 0;
  alive.length = 0;
});

test("a learner that is killed rejects the call under way, and the next call finds a new one", async () => {
  const deaths: WorkerDied[] = [];
  const learner = (handle = openWorker<LearnerApi>(
    "learner",
    startLearner,
    (error) => void deaths.push(error),
  ));
  expect(await learner.call(null, "start", "cpu", "webgpu", ignore)).toMatchObject({ tier: "cpu" });
  await alive[0];

  const pending = learner.call(null, "start", "cpu", "webgpu", ignore);
  // Before the call's message can be answered, and without any event for the page.
  started[0]!.terminate();
  await expect(pending).rejects.toBeInstanceOf(WorkerDied);
  await expect(pending).rejects.toMatchObject({ cause: "its lock was released" });
  expect(deaths).toHaveLength(1);

  expect(await learner.call(null, "start", "cpu", "webgpu", ignore)).toMatchObject({ tier: "cpu" });
  expect(started).toHaveLength(2);
  expect(await alive[1]).not.toBe(await alive[0]);
  expect(deaths).toHaveLength(1);
});

test("a learner that is closed by the page gives back its lock and is not called dead", async () => {
  const deaths: WorkerDied[] = [];
  const learner = (handle = openWorker<LearnerApi>(
    "learner",
    startLearner,
    (error) => void deaths.push(error),
  ));
  await learner.call(null, "start", "cpu", "webgpu", ignore);
  const lock = await alive[0]!;
  learner.close();
  // Granted only once the worker has let go of it.
  await navigator.locks.request(lock, () => undefined);
  expect(deaths).toEqual([]);
});

test("the errors of a real worker cross as sentences", async () => {
  const learner = (handle = openWorker<LearnerApi>("learner", startLearner));
  await expect(learner.call(null, "load", "p" as never, "a", 1)).rejects.toThrow(
    "The learner was asked to work before it was started.",
  );
});

test("a worker whose script cannot be run rejects the call", async () => {
  const worker = openWorker<LearnerApi>("learner", () => {
    const script = new Blob(["throw new Error('broken from the start');"], { type: "text/javascript" });
    return new Worker(URL.createObjectURL(script), { type: "module" });
  });
  await expect(worker.call(null, "start", "cpu", "webgpu", ignore)).rejects.toBeInstanceOf(WorkerDied);
});
