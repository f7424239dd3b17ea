// JSON files that are one list.

import { expect, it } from "vitest";
import { reader } from "../../../src/formats/readers/json";
import { messages, readAll } from "../read-all";

it("takes the objects of the list", async () => {
  const tasks = JSON.stringify(
    [{ id: 1, data: { text: "a Label Studio task" } }, 5, { id: 2, data: { text: "b" } }],
    null,
    2,
  );
  expect(await reader.preview(new Blob([tasks]))).toMatchObject({
    columns: ["id", "data.text"],
    guessedText: "data.text",
  });
  const { rows, problems } = await readAll(reader, tasks);
  expect(rows.map(({ text, place }) => [text, place])).toEqual([
    ["a Label Studio task", "row 1"],
    ["b", "row 3"],
  ]);
  expect(messages(problems)[0]).toContain("Row 2 is a number");
});

it("says what to do with anything else", async () => {
  await expect(readAll(reader, '{"a": 1}')).rejects.toThrow(/no list of objects/);
  await expect(readAll(reader, "[1,")).rejects.toThrow(/not valid JSON/);
  expect(messages((await readAll(reader, "[]")).problems)[0]).toContain("holds no rows");
});
