// The page's door to the learner, with one end of a MessageChannel for the worker.

import * as Comlink from "comlink";
import { expect, test } from "vitest";
import type { ProjectId } from "../../src/core/ids";
import { openLearner } from "../../src/engine/learner";
import { WorkerDied, type WorkerLike } from "../../src/engine/worker-handle";

test("what waits for its turn when the learner is closed rejects, and starts no other worker", async () => {
  let started = 0;
  let loading = () => {};
  const isLoading = new Promise<void>((resolve) => (loading = resolve));
  const ports: MessagePort[] = [];
  function start(): WorkerLike {
    started += 1;
    const { port1, port2 } = new MessageChannel();
    ports.push(port1, port2);
    const load = () => {
      loading();
      return new Promise(() => undefined);
    };
    Comlink.expose({ start: async () => ({ tier: "cpu", notes: [] }), load, stop: () => undefined }, port2);
    return Object.assign(port1, { terminate: () => port1.close() });
  }
  const learner = openLearner("cpu", { died: () => undefined, changed: () => undefined }, start);
  const first = learner.load("project" as ProjectId, "encoder", 3, 1);
  const second = learner.remeasure([1], { classIds: [], holdOut: [], answerMode: "single" }, 1);
  const ended = [first, second, learner.fitBaseline({ train: [], test: [] }, {} as never)].map((one) =>
    expect(one).rejects.toBeInstanceOf(WorkerDied),
  );
  await isLoading;
  learner.close();
  await Promise.all(ended);
  expect(started).toBe(1);
  for (const port of ports) port.close();
});
