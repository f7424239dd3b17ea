// FiftyOne's labels.json.

import { expect, it } from "vitest";
import { reader } from "../../../src/formats/readers/fiftyone";
import { messages, readAll } from "../read-all";

it("finds names for numbers, wherever the list of classes stands", async () => {
  const file =
    '{"labels": {"a": 1, "dir/b": [0, 1], "c": "dog", "d": 7, "e": null}, "classes": ["cat", "dog"]}';
  expect(reader.recognise!('{"classes": ["cat", "dog"], "labels": {"a": 1}}')).toBe(true);
  expect(reader.recognise!('{"images": [], "categories": []}')).toBe(false);
  const { rows, problems } = await readAll(reader, file, { givenColumn: "label" });
  expect(rows.map(({ text, given }) => [text, given])).toEqual([
    ["a", "dog"],
    ["dir/b", "cat|dog"],
    ["c", "dog"],
    ["e", null],
  ]);
  expect(messages(problems)).toEqual([
    "Label of d names the class 7, which is not among the file's 2 classes; it was left out.",
  ]);
  expect((await reader.preview(new Blob([file]))).guessedFile).toBe("file");
});

it("says what a file without labels is not", async () => {
  await expect(readAll(reader, '{"classes": []}')).rejects.toThrow(/no labels as FiftyOne/);
});
