// The page's hold on one worker: typed calls over Comlink that reject when the worker dies, and a new worker
// at the next call. What the worker had loaded is the owner's business to load again (`started`).

import * as Comlink from "comlink";
import type { AliveMessage, Stoppable } from "../../workers/api";
import { Stopped } from "../core/errors";

/** The worker went away in the middle of a call, or could not be started. */
export class WorkerDied extends Error {
  override readonly name = "WorkerDied";
  constructor(worker: string, cause: unknown) {
    super(`The ${worker} stopped unexpectedly. It will be started again; nothing you saved was lost.`, {
      cause,
    });
  }
}

/** A Worker, or in tests one end of a MessageChannel. */
export type WorkerLike = Comlink.Endpoint & { terminate(): void };

type Method<Api> = Extract<
  { [K in keyof Api]: Api[K] extends (...args: never[]) => unknown ? K : never }[keyof Api],
  string
>;
type Arguments<F> = F extends (...args: infer A) => unknown ? A : never;
type Result<F> = F extends (...args: never[]) => infer R ? Awaited<R> : never;
export type Call<Api> = <M extends Method<Api>>(
  signal: AbortSignal | null,
  method: M,
  ...args: Arguments<Api[M]>
) => Promise<Result<Api[M]>>;

export interface WorkerHandle<Api> {
  /**
   * Calls the worker, starting it first where needed. Functions among the arguments are called back here, but
   * not once the call has ended: they come through a port of their own, so the last may overtake the answer.
   * Rejects with what the worker threw, with WorkerDied when it dies, with Stopped when the signal aborts
   * (the worker is then told to stop, and goes on serving).
   */
  readonly call: Call<Api>;
  /**
   * The same, but a signal that aborts only tells the worker to stop: the call ends when the worker's work has, so
   * that nothing is still being stored, and all of it was reported.
   */
  readonly finish: Call<Api>;
  /** Ends the worker; pending calls reject. A later call would start a new one. */
  close(): void;
}

interface Running {
  readonly worker: WorkerLike;
  readonly remote: Record<string, (...args: unknown[]) => Promise<unknown>>;
  /** Rejects each call under way. */
  readonly pending: Set<(error: Error) => void>;
  readonly kill: (cause: unknown) => void;
}

export function openWorker<Api extends Stoppable>(
  name: string,
  start: () => WorkerLike,
  died: (error: WorkerDied) => void = () => undefined,
): WorkerHandle<Api> {
  let running: Running | null = null;

  function launch(): Running {
    const worker = start();
    const launched: Running = {
      worker,
      remote: Comlink.wrap(worker) as never,
      pending: new Set(),
      kill(cause) {
        if (running !== launched) return;
        running = null;
        worker.terminate();
        const error = new WorkerDied(name, cause);
        for (const reject of launched.pending) reject(error);
        if (cause !== closed) died(error);
      },
    };
    worker.addEventListener("error", (event) => launched.kill((event as ErrorEvent).message ?? event));
    worker.addEventListener("messageerror", (event) => launched.kill(event));
    worker.addEventListener("message", (event) => {
      const message = (event as MessageEvent<AliveMessage>).data;
      // The lock is granted to the page only when the worker is gone, however it went.
      if (message?.type === "askwell-alive") {
        void navigator.locks.request(message.lock, () => launched.kill("its lock was released"));
      }
    });
    return launched;
  }

  const call = async (signal: AbortSignal | null, method: string, ...args: unknown[]): Promise<unknown> => {
    if (signal?.aborted) throw new Stopped();
    const { remote, pending } = (running ??= launch());
    let ended = false;
    const sent = args.map((value) => (isHeard(value) ? Comlink.proxy(until(() => ended, value)) : value));
    let forget = () => {};
    const answer = new Promise((settle, refuse) => {
      const resolve = (value: unknown) => {
        ended = true;
        settle(value);
      };
      const reject = (error: unknown) => {
        ended = true;
        refuse(error);
      };
      const stop = () => {
        void remote["stop"]!().catch(() => undefined);
        reject(new Stopped());
      };
      // A signal that outlives its call must not stop a later one.
      forget = () => {
        pending.delete(reject);
        signal?.removeEventListener("abort", stop);
      };
      pending.add(reject);
      signal?.addEventListener("abort", stop);
      remote[method]!(...sent).then(resolve, reject);
    });
    return answer.finally(forget);
  };

  const finish = async (signal: AbortSignal | null, method: string, ...args: unknown[]): Promise<unknown> => {
    if (signal?.aborted) throw new Stopped();
    const stop = () => void call(null, "stop").catch(() => undefined);
    signal?.addEventListener("abort", stop);
    return call(null, method, ...args).finally(() => signal?.removeEventListener("abort", stop));
  };

  return {
    call: call as Call<Api>,
    finish: finish as Call<Api>,
    close: () => running?.kill(closed),
  };
}

const closed = "closed by the page";

type Heard = (...args: unknown[]) => unknown;

const kept = new WeakSet<object>();

/** Marks what the worker goes on calling after the call it was given in has ended. */
export function lasting<F extends (...args: never[]) => unknown>(heard: F): F {
  kept.add(heard);
  return heard;
}

function isHeard(value: unknown): value is Heard {
  return typeof value === "function";
}

/** Progress that comes late would say that something still runs, for good. */
function until(hasEnded: () => boolean, heard: Heard): Heard {
  return (...args) => (hasEnded() && !kept.has(heard) ? undefined : heard(...args));
}
