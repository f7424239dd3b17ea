// Tasks as Prodigy's choice interface keeps them.

import { expect, it } from "vitest";
import { exporter } from "../../../src/formats/exporters/prodigy";
import { record, sourceOf } from "../export-source";
import { gather } from "../read-all";

it("writes options, what was accepted, by whom and when", async () => {
  const records = [
    record({ text: "good", classes: ["pos"] }),
    record({ text: "hm", classes: [], status: "skipped" }),
    record({ text: "open", classes: [], status: "unlabelled", slice: null }),
  ];
  const source = sourceOf(records, { classes: ["pos", "neg"] });
  const lines = (await (await gather(exporter.write(source, null))).text()).trimEnd().split("\n");
  const [first, second, third] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(first).toMatchObject({
    text: "good",
    options: [
      { id: "pos", text: "pos" },
      { id: "neg", text: "neg" },
    ],
    accept: ["pos"],
    answer: "accept",
    _annotator_id: "Ada",
    _session_id: "Ada",
    _timestamp: 1735787045,
    _view_id: "choice",
    config: { choice_style: "single" },
    meta: { split: "train", guess: "yes", score: 0.875 },
  });
  expect(second).toMatchObject({ accept: [], answer: "ignore" });
  expect(third).not.toHaveProperty("answer");
  const hashes = [first, second, third].flatMap((one) => [one!["_input_hash"], one!["_task_hash"]]);
  expect(new Set(hashes).size).toBe(6);
  for (const hash of hashes) expect(Number.isInteger(hash) && Math.abs(hash as number) < 2 ** 31).toBe(true);
});
