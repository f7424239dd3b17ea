// Early stopping against a plain reading of the rule: stop once the best loss lies `patience` epochs back.

import fc from "fast-check";
import { expect, test } from "vitest";
import { EarlyStopping } from "../../../src/core/fine-tuning/early-stopping";

/** Epochs run and the best of them, by looking at the whole list again each time. */
function plainly(losses: readonly number[], patience: number): { epochs: number; best: number } {
  for (let epochs = 1; epochs <= losses.length; epochs++) {
    let best = 0;
    for (let at = 1; at < epochs; at++) if (losses[at]! < losses[best]! * 0.999) best = at;
    if (epochs - 1 - best >= patience || epochs === losses.length) return { epochs, best };
  }
  throw new Error("No losses.");
}

test("it ends where the plain rule ends, with the same best epoch", () => {
  const loss = fc.integer({ min: 1, max: 1000 }).map((value) => value / 100);
  const run = fc.property(
    fc.array(loss, { minLength: 1, maxLength: 30 }),
    fc.integer({ min: 1, max: 5 }),
    (losses, patience) => {
      const stopping = new EarlyStopping(patience);
      let epochs = 0;
      while (epochs < losses.length && (epochs === 0 || !stopping.isOver)) stopping.note(losses[epochs++]!);
      expect({ epochs, best: stopping.bestEpoch }).toEqual(plainly(losses, patience));
      expect(stopping.losses).toEqual(losses.slice(0, epochs));
    },
  );
  fc.assert(run, { seed: 7 });
});

test("a loss that is no number ends it, and the best stays", () => {
  const stopping = new EarlyStopping(5);
  for (const loss of [1, 0.5, Number.NaN]) stopping.note(loss);
  expect([stopping.isOver, stopping.bestEpoch]).toEqual([true, 1]);
});
