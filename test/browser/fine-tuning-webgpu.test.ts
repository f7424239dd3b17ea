// Training a block on the graphics device gives what WebAssembly gives: every gradient is there, and right. On the
// software adapter, which takes a third of a second for a step of a few thousand numbers, seconds for the first.

import * as tf from "@tensorflow/tfjs-core";
import { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { expect, test } from "vitest";
import type { TuningDevice, TuningLoss } from "../../src/core/fine-tuning/tuning";
import { createRandom } from "../../src/core/random";
import { recogniseModel } from "../../src/formats/models/recognise-model";
import { findAdapter, openDevice } from "../../workers/compute/webgpu-device";
import { tfjsDevices, useTfjsDevice } from "../../workers/encoders/pretrained/tfjs-devices";
import { trainBlock, type Example } from "../../workers/encoders/pretrained/tfjs-train";
import { openTunable } from "../../workers/encoders/pretrained/tfjs-tunable";
import { convNet } from "../encoders/pretrained/conv-net";

const random = createRandom(4);
/** What the front of the network gives for 20 items; class 1 has more in its first channel. One step an epoch. */
const shape = [4, 4, 8];
const examples: Example[] = Array.from({ length: 20 }, (_, at) => {
  const view = () =>
    Float32Array.from({ length: 128 }, (_, place) => random.next() + (place % 8 === 0 ? at % 2 : 0));
  return { views: [view(), view()], target: Uint8Array.of(1 - (at % 2), at % 2) };
});

async function train(
  device: TuningDevice,
  loss: TuningLoss,
  failure: () => string | null,
): Promise<readonly number[]> {
  await useTfjsDevice(device);
  const model = await openTunable(recogniseModel(convNet(1)).folder, "pool");
  const record = await trainBlock(model, examples, {
    loss,
    device,
    learningRate: 0.003,
    mirror: true,
    shape,
    classes: 2,
    activation: "softmax",
    random: createRandom(1),
    now: () => performance.now(),
    report: () => undefined,
    throwIfDeviceFailed() {
      const found = failure();
      if (found) throw new Error(found);
    },
    stop: { aborted: false },
  });
  model.dispose();
  return record.heldBackLoss;
}

test.each(["cross-entropy", "hard-triplet"] as const)("by %s", { timeout: 120_000 }, async (loss) => {
  await tfjsDevices();
  const search = await findAdapter(true);
  if (!search.found) throw new Error(search.reason);
  const { device, info, failure } = await openDevice(search.adapter);
  tf.registerBackend("webgpu", () => new WebGPUBackend(device, info));
  try {
    const [reference, found] = [await train("wasm", loss, () => null), await train("webgpu", loss, failure)];
    expect(reference.length).toBeGreaterThan(4);
    expect(Math.min(...reference)).toBeLessThan(0.8 * reference[0]!);
    // Rounding adds up from step to step.
    reference.slice(0, 5).forEach((value, epoch) => expect(found[epoch]).toBeCloseTo(value, 4));
  } finally {
    await useTfjsDevice("wasm");
    tf.removeBackend("webgpu");
  }
});
