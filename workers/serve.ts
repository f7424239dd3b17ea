// Serves an API to the page and holds a lock while this worker lives, by which the page notices its death.

import * as Comlink from "comlink";
import type { AliveMessage } from "./api";

export function serve(api: object): void {
  Comlink.expose(api);
  void holdLifeLock();
}

/** Tells whoever started this worker of a lock that is released when it is gone, however it went. Done once told. */
export function holdLifeLock(): Promise<void> {
  const lock = `askwell-worker-${crypto.randomUUID()}`;
  return new Promise((told) => {
    void navigator.locks.request(lock, () => {
      const message: AliveMessage = { type: "askwell-alive", lock };
      self.postMessage(message);
      told();
      return new Promise(() => undefined);
    });
  });
}

/** Lets messages in (a stop, above all) between two pieces of work. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
