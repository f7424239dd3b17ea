// Prodigy's JSON Lines: yes or no to one class, and a choice among several.

import { expect, it } from "vitest";
import { reader } from "../../../src/formats/readers/prodigy";
import { readAll } from "../read-all";

const options = [
  { id: "s", text: "Sport" },
  { id: "w", text: "World" },
];
const about = { _input_hash: 1, _task_hash: 2, _annotator_id: "news-ada", _timestamp: 1714557600 };
const lines = [
  { text: "yes", label: "Sport", answer: "accept", _view_id: "classification", ...about },
  { text: "no", label: "Sport", answer: "reject", _view_id: "classification", ...about },
  { text: "pass", label: "Sport", answer: "ignore", _view_id: "classification", ...about },
  {
    text: "two",
    options,
    accept: ["w", "s"],
    answer: "accept",
    _view_id: "choice",
    meta: { split: "test" },
    ...about,
  },
  { text: "task", label: "Sport" },
]
  .map((line) => JSON.stringify(line))
  .join("\n");

it("recognises tasks with hashes or answers", () => {
  expect(reader.recognise!(lines)).toBe(true);
  expect(reader.recognise!('{"text":"a","label":"b"}')).toBe(false);
});

it("takes what was accepted, and nothing from a refusal", async () => {
  const { rows, problems } = await readAll(reader, lines, { givenColumn: "label" });
  expect(problems).toEqual([]);
  expect(rows.map(({ text, given }) => [text, given])).toEqual([
    ["yes", "Sport"],
    ["no", null],
    ["pass", null],
    ["two", "World|Sport"],
    ["task", null],
  ]);
  expect(rows[0]!.answers).toEqual([
    {
      type: "classes",
      classes: ["Sport"],
      annotator: "news-ada",
      at: 1714557600000,
      slice: null,
      origin: "import",
    },
  ]);
  expect(rows[1]!.answers).toBeUndefined();
  expect(rows[2]!.answers).toMatchObject([{ type: "skip" }]);
  expect(rows[3]!.answers).toMatchObject([{ slice: "hold-out" }]);
});

it("names images by their path, not by the picture itself", async () => {
  const image = JSON.stringify({
    image: "data:image/png;base64,AAAA",
    path: "a/b.png",
    label: "cat",
    answer: "accept",
    _task_hash: 1,
  });
  expect(await reader.preview(new Blob([image]))).toMatchObject({ guessedFile: "path" });
});
