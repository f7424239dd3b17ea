// The page's hold on a worker, with one end of a MessageChannel for the worker: results and errors cross,
// stop and death reject what is pending, and the next call finds a new worker.

import * as Comlink from "comlink";
import { afterEach, expect, test, vi } from "vitest";
import { Stopped, TooFewLabels } from "../../src/core/errors";
import { lasting, openWorker, WorkerDied, type WorkerLike } from "../../src/engine/worker-handle";
import type { Stoppable } from "../../workers/api";

interface CounterApi extends Stoppable {
  add(a: number, b: number): Promise<number>;
  fail(): Promise<never>;
  countTo(end: number, report: (at: number) => void): Promise<string>;
  /** Answers first and reports afterwards. */
  reportLate(report: (at: number) => void): Promise<string>;
  /** Resolves once what came late was taken. */
  lateTaken(): Promise<void>;
  /** Resolves once `stop` was called. */
  wait(): Promise<string>;
  never(): Promise<void>;
}

interface FakeWorker {
  readonly page: WorkerLike;
  /** The worker's own side. */
  readonly port: MessagePort;
  stops: number;
  terminated: boolean;
}

const opened: FakeWorker[] = [];

function startFake(): WorkerLike {
  const { port1, port2 } = new MessageChannel();
  let release = (_: string) => {};
  let late: Promise<void> = Promise.resolve();
  const api: CounterApi = {
    add: async (a, b) => a + b,
    fail: async () => {
      throw new TooFewLabels("Answer two more questions.");
    },
    countTo: async (end, report) => {
      for (let at = 1; at <= end; at++) await report(at);
      return "counted";
    },
    reportLate: async (report) => {
      late = new Promise((resolve) => setTimeout(() => void resolve(report(1))));
      return "answered";
    },
    lateTaken: () => late,
    wait: () => new Promise((resolve) => (release = resolve)),
    never: () => new Promise(() => undefined),
    stop: () => {
      fake.stops += 1;
      release("stopped in the worker");
    },
  };
  Comlink.expose(api, port2);
  const page = Object.assign(port1, {
    terminate() {
      fake.terminated = true;
      port1.close();
    },
  });
  const fake: FakeWorker = { page, port: port2, stops: 0, terminated: false };
  opened.push(fake);
  return page;
}

const open = (died?: (error: WorkerDied) => void) => openWorker<CounterApi>("counter", startFake, died);
const newest = () => opened.at(-1)!;
const failWorker = (fake: FakeWorker, type: "error" | "messageerror") =>
  (fake.page as unknown as EventTarget).dispatchEvent(Object.assign(new Event(type), { message: "broken" }));

afterEach(() => {
  // Open ports would keep Node alive.
  for (const { page, port } of opened) {
    (page as unknown as MessagePort).close();
    port.close();
  }
  opened.length = 0;
  vi.unstubAllGlobals();
});

test("results cross, and one worker serves all calls", async () => {
  const worker = open();
  expect(opened).toHaveLength(0);
  expect(await Promise.all([worker.call(null, "add", 2, 3), worker.call(null, "add", 20, 30)])).toEqual([
    5, 50,
  ]);
  expect(opened).toHaveLength(1);
});

test("errors cross with their name and their sentence, and the worker lives on", async () => {
  const worker = open();
  const failing = worker.call(null, "fail");
  await expect(failing).rejects.toBeInstanceOf(Error);
  await expect(failing).rejects.toMatchObject({
    name: "TooFewLabels",
    message: "Answer two more questions.",
  });
  expect(await worker.call(null, "add", 1, 1)).toBe(2);
  expect(opened).toHaveLength(1);
});

test("functions among the arguments are called back", async () => {
  const worker = open();
  const heard: number[] = [];
  expect(await worker.call(null, "countTo", 3, (at) => void heard.push(at))).toBe("counted");
  expect(heard).toEqual([1, 2, 3]);
});

test("what is called back after the call has ended is not heard, unless it is meant to last", async () => {
  const worker = open();
  const heard: string[] = [];
  await worker.call(null, "reportLate", () => void heard.push("progress"));
  await worker.call(null, "lateTaken");
  await worker.call(
    null,
    "reportLate",
    lasting(() => void heard.push("news")),
  );
  await worker.call(null, "lateTaken");
  expect(heard).toEqual(["news"]);
});

test("nothing is heard of a call that was called off", async () => {
  const worker = open();
  const stop = new AbortController();
  const heard: number[] = [];
  const counting = worker.call(stop.signal, "countTo", 100, (at) => {
    heard.push(at);
    if (at === 2) stop.abort();
  });
  await expect(counting).rejects.toBeInstanceOf(Stopped);
  await worker.call(null, "add", 1, 1);
  await worker.call(null, "countTo", 100, () => {});
  expect(heard).toEqual([1, 2]);
});

test("a signal rejects with Stopped at once and tells the worker, which goes on serving", async () => {
  const worker = open();
  const stop = new AbortController();
  const waiting = worker.call(stop.signal, "wait");
  stop.abort();
  await expect(waiting).rejects.toBeInstanceOf(Stopped);
  expect(await worker.call(null, "add", 1, 2)).toBe(3);
  expect(newest().stops).toBe(1);
  expect(opened).toHaveLength(1);
});

test("a call with a signal that is up already starts nothing", async () => {
  const worker = open();
  await expect(worker.call(AbortSignal.abort(), "add", 1, 2)).rejects.toBeInstanceOf(Stopped);
  expect(opened).toHaveLength(0);
});

test("a signal that goes up after its call does not stop the next one", async () => {
  const worker = open();
  const stop = new AbortController();
  await worker.call(stop.signal, "add", 1, 2);
  await expect(worker.call(stop.signal, "fail")).rejects.toThrow("Answer two more");
  stop.abort();
  // Messages arrive in order, so a stop sent now would be counted by then.
  await worker.call(null, "add", 1, 2);
  expect(newest().stops).toBe(0);
});

test.each(["error", "messageerror"] as const)(
  "a worker's %s rejects everything pending, and the next call starts a new worker",
  async (type) => {
    const deaths: WorkerDied[] = [];
    const worker = open((error) => void deaths.push(error));
    await worker.call(null, "add", 1, 1);
    const pending = [worker.call(null, "never"), worker.call(new AbortController().signal, "wait")];
    failWorker(newest(), type);
    for (const call of pending) {
      await expect(call).rejects.toBeInstanceOf(WorkerDied);
      await expect(call).rejects.toThrow("The counter stopped unexpectedly. It will be started again");
    }
    expect(deaths).toHaveLength(1);
    expect(opened.map(({ terminated }) => terminated)).toEqual([true]);

    expect(await worker.call(null, "add", 2, 2)).toBe(4);
    expect(opened).toHaveLength(2);
    // The dead one may still have something to say; it concerns nobody.
    failWorker(opened[0]!, "error");
    expect(await worker.call(null, "add", 3, 3)).toBe(6);
    expect(deaths).toHaveLength(1);
  },
);

test("the death of an idle worker is told, and the next call starts a new one", async () => {
  const deaths: WorkerDied[] = [];
  const worker = open((error) => void deaths.push(error));
  await worker.call(null, "add", 1, 1);
  failWorker(newest(), "error");
  expect(deaths.map(({ cause }) => cause)).toEqual(["broken"]);
  expect(await worker.call(null, "add", 2, 2)).toBe(4);
});

test("a lock that the worker no longer holds means its death", async () => {
  const granted = new Map<string, () => void>();
  const request = (lock: string, callback: () => void) => void granted.set(lock, callback);
  vi.stubGlobal("navigator", { locks: { request } });
  const worker = open();
  await worker.call(null, "add", 1, 1);
  const asked = new Promise((resolve) => newest().page.addEventListener("message", resolve));
  newest().port.postMessage({ type: "askwell-alive", lock: "lock of the counter" });
  await asked;
  expect([...granted.keys()]).toEqual(["lock of the counter"]);
  const pending = worker.call(null, "never");
  granted.get("lock of the counter")!();
  await expect(pending).rejects.toBeInstanceOf(WorkerDied);
});

test("closing rejects what is pending and is no death; closing twice or unused does nothing", async () => {
  const died = vi.fn();
  const worker = open(died);
  worker.close();
  expect(opened).toHaveLength(0);
  const pending = worker.call(null, "never");
  worker.close();
  worker.close();
  await expect(pending).rejects.toBeInstanceOf(WorkerDied);
  expect(newest().terminated).toBe(true);
  expect(died).not.toHaveBeenCalled();
});

test("a worker that cannot be started rejects the call, and the next call tries again", async () => {
  let tries = 0;
  const worker = openWorker<CounterApi>("counter", () => {
    if (tries++ === 0) throw new Error("no room for a worker");
    return startFake();
  });
  await expect(worker.call(null, "add", 1, 1)).rejects.toThrow("no room for a worker");
  expect(await worker.call(null, "add", 1, 1)).toBe(2);
});

test("a call that is to finish ends when the worker has, and rejects where the signal came first", async () => {
  const counter = open();
  const stop = new AbortController();
  const answer = counter.finish(stop.signal, "wait");
  stop.abort();
  expect(await answer).toBe("stopped in the worker");
  expect(newest().stops).toBe(1);
  await expect(counter.finish(stop.signal, "wait")).rejects.toBeInstanceOf(Stopped);
});
