// The page's door to the exporter worker: the bytes of an export as a stream, made as fast as they are taken.

import type { ExporterApi, ExportJob } from "../../workers/exporting/api";
import type { Problem } from "../formats/reader";
import { openWorker } from "./worker-handle";

/**
 * Runs one export in a worker of its own, which ends with it. Stop iterating, or `signal`, to give up.
 * @param passed told how many items have been passed.
 * @param report told at the end of each thing that could not go into the file.
 * @throws Stopped, ProjectDeleted, WorkerDied, what the format throws.
 */
export async function* exportInWorker(
  job: ExportJob,
  passed: (items: number) => void,
  report: (problem: Problem) => void,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const worker = openWorker<ExporterApi>(
    "exporter",
    () => new Worker(new URL("../../workers/exporter.worker.ts", import.meta.url), { type: "module" }),
  );
  const { readable, writable } = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>();
  const writer = writable.getWriter();
  // The worker waits for this, so that no more is made than was taken.
  const hear = async (bytes: Uint8Array<ArrayBuffer> | null, items: number) => {
    passed(items);
    if (bytes) await writer.write(bytes);
  };
  const writing = worker.call(signal, "write", job, hear).then(
    (problems) => {
      problems.forEach(report);
      return writer.close();
    },
    (error: unknown) => writer.abort(error),
  );
  const reader = readable.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
    await writing;
  } finally {
    worker.close();
    // Where the caller stopped early, what is still under way fails, and nobody waits for it.
    writing.catch(() => undefined);
    await reader.cancel().catch(() => undefined);
  }
}
