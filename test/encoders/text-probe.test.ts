// How good the text encoder is on real texts: logistic head, 100 and 500 labels, mean of ten draws.

import { describe, expect, test } from "vitest";
import { encoder } from "../../workers/encoders/lsa-sif";
import { probe } from "./probe";
import { hasDataSet, readTexts } from "./shared-data";

// At 100 labels what the README promises; at 500 about two points under what was measured.
const bounds = [
  { name: "ag_news", at100: 79, at500: 82 },
  { name: "sms_spam", at100: 94, at500: 97 },
  { name: "trec6", at100: 61, at500: 74 },
];

describe.each(bounds)("$name", ({ name, at100, at500 }) => {
  test.skipIf(!hasDataSet(name))("is learnt from few labels", { timeout: 600_000 }, async () => {
    const items = { pool: readTexts(name, "train", Infinity), test: readTexts(name, "test", 2000) };
    const [few, more] = await probe(encoder, items, [100, 500]);
    console.info(`${name}: ${few!.toFixed(1)}% at 100 labels, ${more!.toFixed(1)}% at 500`);
    expect(few).toBeGreaterThan(at100);
    expect(more).toBeGreaterThan(at500);
  });
});
