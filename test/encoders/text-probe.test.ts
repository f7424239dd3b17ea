// How good the text encoder is on real texts: logistic head, 100 and 500 labels, mean of eight draws.

import { describe, expect, test } from "vitest";
import { encoder } from "../../workers/encoders/lsa-sif";
import { probe } from "./probe";
import { hasDataSet, readTexts } from "./shared-data";

// About two points under the lower of two measurements (other pools, other labels): 73.3 and 79.8, 96.3 and 98.7,
// 57.0 and 70.8. A change of arithmetic passes, a loss does not.
const bounds = [
  { name: "ag_news", at100: 71, at500: 78 },
  { name: "sms_spam", at100: 94, at500: 97 },
  { name: "trec6", at100: 55, at500: 68 },
];

describe.each(bounds)("$name", ({ name, at100, at500 }) => {
  test.skipIf(!hasDataSet(name))("is learnt from few labels", { timeout: 120_000 }, async () => {
    const items = { pool: readTexts(name, "train", 2500), test: readTexts(name, "test", 1000) };
    const [few, more] = await probe(encoder, items, [100, 500]);
    console.info(`${name}: ${few!.toFixed(1)}% at 100 labels, ${more!.toFixed(1)}% at 500`);
    expect(few).toBeGreaterThan(at100);
    expect(more).toBeGreaterThan(at500);
  });
});
