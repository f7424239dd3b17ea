// Tasks as Label Studio's import wants them.

import { expect, it } from "vitest";
import { exporter } from "../../../src/formats/exporters/label-studio";
import { record, sourceOf } from "../export-source";
import { gather } from "../read-all";

it("writes tasks with annotations and predictions, field by field", async () => {
  const records = [
    record({ text: "good", classes: ["pos"], slice: "hold-out", name: "n", itemId: "ab" as never }),
    record({
      text: "hm",
      classes: [],
      status: "skipped",
      guess: null,
      slice: null,
      at: null,
      annotator: null,
      tookMs: null,
    }),
    record({ text: "open", classes: [], status: "unlabelled", guess: null, slice: null }),
  ];
  const tasks = JSON.parse(await (await gather(exporter.write(sourceOf(records), null))).text()) as unknown[];
  const time = "2025-01-02T03:04:05.000Z";
  const choice = (id: string, name: string) => ({
    id,
    from_name: "label",
    to_name: "text",
    type: "choices",
    value: { choices: [name] },
  });
  expect(tasks[0]).toEqual({
    id: 1,
    data: { text: "good", askwell_item: "ab", split: "test" },
    annotations: [
      {
        id: 1,
        completed_by: "Ada",
        was_cancelled: false,
        ground_truth: true,
        created_at: time,
        updated_at: time,
        lead_time: 1.5,
        result: [choice("a1", "pos")],
      },
    ],
    predictions: [{ model_version: "askwell", score: 0.875, result: [choice("p1", "yes")] }],
  });
  expect(tasks[1]).toMatchObject({ annotations: [{ was_cancelled: true, result: [] }], predictions: [] });
  expect(tasks[2]).toMatchObject({ annotations: [], predictions: [] });
});

it("prefers what the model thinks now to what it thought when it asked", async () => {
  const opinion = { guess: "no", probability: 0.5, uncertainty: 1, labelProbability: null, suspect: null };
  const tasks = JSON.parse(
    await (await gather(exporter.write(sourceOf([record({ opinion })]), null))).text(),
  ) as unknown[];
  expect(tasks[0]).toMatchObject({ predictions: [{ score: 0.5, result: [{ value: { choices: ["no"] } }] }] });
});
