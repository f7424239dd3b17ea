// Lets an encoder learn from a sample of a project's items, and keeps what it learnt.

import { createRandom } from "../src/core/random";
import { throwIfStopped, type StopSignal } from "../src/core/errors";
import type { ProjectId } from "../src/core/ids";
import type { Database } from "../src/storage/database";
import { listLearntEncoders, saveLearntEncoder } from "../src/storage/embedding-store";
import { loadItemsAt } from "../src/storage/item-store";
import type { LearntEncoder } from "../src/storage/schema";
import type { EmbeddingProgress } from "./api";
import type { Encoder, EncoderState } from "./encoders/encoder";
import type { InputReader } from "./decoding/input-reader";
import type { Input } from "./read-input";
import { nextTask } from "./serve";

/** Items an encoder learns from: enough for document frequencies and means, quick for any project. */
const learningSample = 20_000;
/** Items of the sample fetched at once: one each would take most of the time. */
const readAtOnce = 64;

/** Of the time of learning, about what reading the sample takes. */
const readingShare = 0.2;

/** The project whose items are learnt from, and how they are read. */
interface LearningSource {
  readonly database: Database;
  readonly projectId: ProjectId;
  readonly reader: InputReader;
}

type Report = (progress: EmbeddingProgress) => void;

/** Learns where it has not yet, and again once the project has doubled. */
export async function learnIfNeeded(
  source: LearningSource,
  encoder: Encoder,
  total: number,
  seed: number,
  report: Report,
  stop: StopSignal,
): Promise<LearntEncoder> {
  const { database, projectId } = source;
  const prefix = `${encoder.id}@${encoder.version}`;
  const before = (await listLearntEncoders(database, projectId)).filter(({ encoderKey }) =>
    encoderKey.startsWith(`${prefix}/`),
  );
  const newest = before.reduce<LearntEncoder | null>(
    (a, b) => (a && a.learntFrom > b.learntFrom ? a : b),
    null,
  );
  if (newest && total < 2 * newest.learntFrom) return newest;
  const say = sayOnce(report);
  const sample = sampleInputs(source, encoder, total, seed, say, stop);
  const learn = encoder.learn as (
    items: AsyncIterable<Input>,
    seed: number,
    stop: StopSignal,
    report: (share: number) => void,
  ) => Promise<EncoderState>;
  const state = await learn(sample, seed, stop, (share) => say(readingShare + (1 - readingShare) * share));
  // The number of items learnt from makes each learning a key of its own, so old embeddings stay valid.
  const learnt: LearntEncoder = {
    projectId,
    encoderKey: `${prefix}/${total}`,
    encoderId: encoder.id,
    learntFrom: total,
    state,
  };
  await saveLearntEncoder(database, learnt);
  return learnt;
}

/** Reports in hundredths of the work, each of them once. */
function sayOnce(report: Report): (share: number) => void {
  let last = -1;
  return (share) => {
    const done = Math.floor(100 * share);
    if (done > last) report({ step: "learning", done: (last = done), total: 100 });
  };
}

async function* sampleInputs(
  { database, projectId, reader }: LearningSource,
  encoder: Encoder,
  total: number,
  seed: number,
  say: (share: number) => void,
  stop: StopSignal,
): AsyncIterable<Input> {
  const count = Math.min(total, learningSample);
  const rows = createRandom(seed).fork("learning sample").sample(total, count);
  for (let done = 0; done < count; done += readAtOnce) {
    throwIfStopped(stop);
    say((readingShare * done) / count);
    await nextTask();
    const found = await loadItemsAt(database, projectId, rows.slice(done, done + readAtOnce));
    const items = found.filter((item) => item !== null);
    for await (const input of reader.read(encoder, items, stop)) if (input !== null) yield input;
  }
}
