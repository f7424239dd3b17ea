// JSON Lines: good lines go in, bad ones are named.

import { expect, it } from "vitest";
import { splitClasses } from "../../../src/formats/class-list";
import { reader } from "../../../src/formats/readers/jsonl";
import { messages, readAll } from "../read-all";

it("takes objects and names the lines that are none", async () => {
  const lines = [
    '{"text": "one", "label": "a"}',
    "{broken",
    '["two", "b"]',
    "",
    "null",
    "17",
    '"just a string"',
    '{"text": "three", "label": null}',
  ];
  const { rows, problems } = await readAll(reader, lines.join("\n"), {
    textColumn: "text",
    givenColumn: "label",
  });
  expect(rows).toEqual([
    { text: "one", given: "a", place: "line 1" },
    { text: "just a string", given: null, place: "line 7" },
    { text: "three", given: null, place: "line 8" },
  ]);
  expect(messages(problems)).toEqual([
    "Line 2 is not valid JSON; it was left out.",
    'Line 3 is a list where an object such as {"text": "…"} is wanted; it was left out.',
    'Line 5 is null where an object such as {"text": "…"} is wanted; it was left out.',
    'Line 6 is a number where an object such as {"text": "…"} is wanted; it was left out.',
    "1 blank line was skipped.",
  ]);
});

it("reads nested columns, numbers and lists of labels", async () => {
  const lines = [
    '{"data": {"text": "nested", "n": 3}, "label": ["a", "b|c"]}',
    '{"data": {"text": 42}, "label": [{"x": 1}]}',
    '{"data": {"text": ["no"]}, "label": "a"}',
    '{"data": 1, "label": "a"}',
  ];
  const { rows, problems } = await readAll(reader, lines.join("\n"), {
    textColumn: "data.text",
    givenColumn: "label",
  });
  expect(rows.map(({ text }) => text)).toEqual(["nested", "42"]);
  expect(splitClasses(rows[0]!.given!)).toEqual(["a", "b|c"]);
  expect(rows[1]!.given).toBeNull();
  expect(messages(problems)).toEqual([
    'Line 2 holds something in "label" that is no class name; its text went in without one.',
    'Line 3 holds a list or object in "data.text", not a text; it was left out.',
    "Line 4 has no text; it was left out.",
  ]);
});

it("is not fooled by keys that objects inherit", async () => {
  const { rows, problems } = await readAll(reader, '{"__proto__": {"text": "x"}, "a": "b"}\n', {
    textColumn: "constructor",
  });
  expect(rows).toEqual([]);
  expect(messages(problems)).toEqual(["Line 1 has no text; it was left out."]);
});

it("previews the union of the columns and guesses", async () => {
  const file = new Blob([
    '{"id":1,"body":"a long text here"}\n{"id":2,"body":"another","intent":"buy"}\n{oops\n',
  ]);
  expect(await reader.preview(file)).toMatchObject({
    columns: ["id", "body", "intent"],
    rows: [
      ["1", "a long text here", ""],
      ["2", "another", "buy"],
    ],
    guessedText: "body",
    guessedGiven: "intent",
    hasHeader: true,
  });
});

it("survives nesting deeper than any stack", async () => {
  const deep = `{"text": "fine", "x": ${"[".repeat(200_000)}${"]".repeat(200_000)}}`;
  const { rows, problems } = await readAll(reader, `${deep}\n{"text": "next"}`, {
    textColumn: "text",
    givenColumn: "x",
  });
  expect(rows.length + problems.length).toBeGreaterThanOrEqual(2);
  expect(rows.at(-1)!.text).toBe("next");
});
