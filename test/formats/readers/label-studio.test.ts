// Label Studio's two JSON forms, as its export writes them.

import { expect, it } from "vitest";
import { reader } from "../../../src/formats/readers/label-studio";
import { messages, readAll } from "../read-all";

const choices = (...names: string[]) => [
  { id: "x1", from_name: "sentiment", to_name: "text", type: "choices", value: { choices: names } },
];
const tasks = [
  {
    id: 1,
    data: { text: "good", source: "web" },
    annotations: [
      {
        id: 10,
        completed_by: 3,
        result: choices("bad"),
        was_cancelled: false,
        ground_truth: false,
        created_at: "2024-05-01T10:00:00.000000Z",
        updated_at: "2024-05-01T10:00:00.000000Z",
        lead_time: 2.5,
      },
      {
        id: 11,
        completed_by: { id: 4, email: "ada@example.org" },
        result: choices("good", "calm"),
        was_cancelled: false,
        ground_truth: true,
        created_at: "2024-05-02T10:00:00Z",
      },
    ],
    predictions: [{ model_version: "v2", score: 0.9, result: choices("good") }],
  },
  {
    id: 2,
    data: { text: "skipped" },
    annotations: [{ completed_by: 3, result: [], was_cancelled: true }],
    predictions: [],
  },
  { id: 3, data: { text: "open" }, annotations: [], predictions: [] },
  {
    id: 4,
    data: { text: "boxes" },
    annotations: [{ completed_by: 1, result: [{ type: "rectanglelabels", from_name: "box", value: {} }] }],
  },
];

it("recognises both forms and nothing else", () => {
  expect(reader.recognise!(JSON.stringify(tasks))).toBe(true);
  expect(reader.recognise!(JSON.stringify(tasks, null, 2))).toBe(true);
  expect(reader.recognise!('[{"text":"a","annotation_id":1,"lead_time":2}]')).toBe(true);
  expect(reader.recognise!('[{"text":"a","label":"b"}]')).toBe(false);
});

it("offers the questions and the predictions as columns", async () => {
  const preview = await reader.preview(new Blob([JSON.stringify(tasks)]));
  expect(preview).toMatchObject({
    columns: ["text", "source", "sentiment", "sentiment (prediction)"],
    guessedText: "text",
    guessedGiven: "sentiment",
  });
  expect(preview.rows[0]).toEqual(["good", "web", "good|calm", "good"]);
});

it("keeps who answered, when, skips and ground truth", async () => {
  const { rows, problems } = await readAll(reader, JSON.stringify(tasks), { givenColumn: "sentiment" });
  expect(problems).toEqual([]);
  expect(rows.map(({ text, given }) => [text, given])).toEqual([
    ["good", "good|calm"],
    ["skipped", null],
    ["open", null],
    ["boxes", null],
  ]);
  expect(rows[0]!.answers).toEqual([
    {
      type: "classes",
      classes: ["bad"],
      annotator: "3",
      at: Date.UTC(2024, 4, 1, 10),
      slice: null,
      origin: "import",
    },
    {
      type: "classes",
      classes: ["good", "calm"],
      annotator: "ada@example.org",
      at: Date.UTC(2024, 4, 2, 10),
      slice: "hold-out",
      origin: "import",
    },
  ]);
  expect(rows[1]!.answers).toMatchObject([{ type: "skip", annotator: "3" }]);
  expect(rows[2]!.answers).toBeUndefined();
});

it("says of a prediction that a model made it", async () => {
  const { rows } = await readAll(reader, JSON.stringify(tasks), { givenColumn: "sentiment (prediction)" });
  expect(rows[0]!.answers).toMatchObject([{ classes: ["good"], origin: "model", annotator: "v2" }]);
});

it("reads JSON_MIN", async () => {
  const short = [
    {
      id: 1,
      text: "one",
      topic: "sport",
      annotator: 2,
      annotation_id: 5,
      created_at: "2024-05-01T10:00:00Z",
      updated_at: "2024-05-01T11:00:00Z",
      lead_time: 3.1,
    },
    {
      id: 2,
      text: "two",
      topic: { choices: ["sport", "world"] },
      annotator: 2,
      annotation_id: 6,
      lead_time: 3.1,
    },
  ];
  const { rows } = await readAll(reader, JSON.stringify(short), { givenColumn: "topic" });
  expect(rows.map(({ given }) => given)).toEqual(["sport", "sport|world"]);
  expect(rows[0]!.answers).toMatchObject([{ annotator: "2", at: Date.UTC(2024, 4, 1, 11) }]);
});

it("names what is no task", async () => {
  const { rows, problems } = await readAll(reader, `[5, ${JSON.stringify(tasks[0])}, {"data": {}}]`);
  expect(rows).toHaveLength(1);
  expect(messages(problems)).toEqual([
    expect.stringContaining("Row 1 is a number"),
    "Row 3 has no text; it was left out.",
  ]);
});
