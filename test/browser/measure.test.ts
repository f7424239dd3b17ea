// The measurement of the settings screen, in a real worker: whole, and with figures that can be.

import { expect, test } from "vitest";
import { openLearner } from "../../src/engine/learner";

test.each(["wasm", "cpu"] as const)("%s measures itself", { timeout: 60_000 }, async (tier) => {
  const learner = openLearner(tier, { died: () => undefined, changed: () => undefined });
  const measured = await learner.measure();
  expect(measured).toMatchObject({ tier, dims: 128 });
  expect(measured.copyBytesPerSecond).toBeGreaterThan(1e8);
  expect(measured.kernels.map(({ name }) => name.split(/[ ,]/)[0])).toEqual(["Coverage", "Scores", "BADGE"]);
  for (const { ms, bytes } of measured.kernels) {
    expect(ms).toBeGreaterThan(0);
    // Nothing moves bytes faster than the copy does, but for caches.
    expect((bytes * 1000) / ms).toBeLessThan(measured.copyBytesPerSecond * 5);
  }
  expect(learner.report).toMatchObject({ tier, state: "ready" });
  learner.close();
});
