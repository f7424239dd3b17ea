// Argilla's records in their three JSON forms.

import { expect, it } from "vitest";
import { reader } from "../../../src/formats/readers/argilla";
import { readAll } from "../read-all";

const byQuestion = {
  id: "1",
  status: "completed",
  fields: { text: "good" },
  metadata: { split: "test" },
  suggestions: { topic: { value: "sport", score: 0.8, agent: "m1" } },
  responses: {
    topic: [
      { value: "world", user_id: "u1", status: "submitted" },
      { value: "sport", user_id: "u2", status: "draft" },
      { value: null, user_id: "u3", status: "discarded" },
    ],
  },
  vectors: {},
};
const asLists = {
  fields: { text: "good" },
  suggestions: [{ question_name: "topic", value: ["a", "b"], agent: "m1" }],
  responses: [{ question_name: "topic", value: ["a"], user_id: "u1" }],
};
const flat = {
  id: "1",
  text: "good",
  split: "train",
  "topic.suggestion": "sport",
  "topic.suggestion.score": 0.8,
  "topic.suggestion.agent": "m1",
  "topic.responses": ["world"],
  "topic.responses.users": ["u1"],
  "topic.responses.status": ["submitted"],
};

it.each([[byQuestion], [asLists], [flat]])("recognises %#", (record) => {
  expect(reader.recognise!(JSON.stringify([record]))).toBe(true);
  expect(reader.recognise!('[{"text":"a","label":"b"}]')).toBe(false);
});

it("keeps who responded, leaves drafts, and takes the split", async () => {
  const { rows } = await readAll(reader, JSON.stringify([byQuestion]), { givenColumn: "topic" });
  expect(rows[0]!.given).toBe("world");
  expect(rows[0]!.answers).toEqual([
    { type: "classes", classes: ["world"], annotator: "u1", at: null, slice: "hold-out", origin: "import" },
    { type: "skip", classes: [], annotator: "u3", at: null, slice: "hold-out", origin: "import" },
  ]);
});

it.each([
  [byQuestion, "world", "sport"],
  [asLists, "a", "a|b"],
  [flat, "world", "sport"],
])("tells responses from suggestions: %#", async (record, response, suggestion) => {
  const lines = `${JSON.stringify(record)}\n`;
  const given = await readAll(reader, lines, { givenColumn: "topic" });
  expect(given.rows.map(({ text, given: name }) => [text, name])).toEqual([["good", response]]);
  const suggested = await readAll(reader, lines, { givenColumn: "topic (suggestion)" });
  expect(suggested.rows[0]).toMatchObject({
    given: suggestion,
    answers: [{ origin: "model", annotator: "m1" }],
  });
});
