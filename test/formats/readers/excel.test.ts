// Excel workbooks, read back.

import { expect, it } from "vitest";
import { reader } from "../../../src/formats/readers/excel";
import { messages, readAll } from "../read-all";
import { workbook } from "../workbook";

it("reads the first sheet with its header, and says that there are others", async () => {
  const file = await workbook([
    [
      ["text", "label", "score"],
      ["good & bad <b>", "pos", 1.5],
      ["", "neg", 2],
      ["third", "", 3],
    ],
    [["other"]],
  ]);
  expect(await reader.preview(file)).toMatchObject({
    columns: ["text", "label", "score"],
    guessedText: "text",
    guessedGiven: "label",
    hasHeader: true,
  });
  const { rows, problems } = await readAll(reader, file, { givenColumn: "label" });
  expect(rows.map(({ text, given, place }) => [text, given, place])).toEqual([
    ["good & bad <b>", "pos", "row 1"],
    ["third", null, "row 3"],
  ]);
  expect(messages(problems)).toEqual([
    "The workbook has 2 sheets; “Sheet 1” was read. Save the others as files of their own.",
    "Row 2 has no text; it was left out.",
  ]);
});

it("reads a sheet larger than a library would unpack without workers", async () => {
  const rows = [
    ["text", "label"],
    ...Array.from({ length: 20_000 }, (_, at) => [`row number ${at} ${"x".repeat(at % 50)}`, "a"]),
  ];
  const read = await readAll(reader, await workbook([rows]), { givenColumn: "label" });
  expect(read.problems).toEqual([]);
  expect(read.rows).toHaveLength(20_000);
});

it("refuses a workbook that is a bomb, and what is none", async () => {
  const bomb = await workbook([[["text"], ["a"]]], `<!--${" ".repeat(60 * 1024 * 1024)}-->`);
  await expect(readAll(reader, bomb)).rejects.toThrow(/200 times its size.*Save the sheet as CSV/);
  await expect(readAll(reader, "no workbook at all")).rejects.toThrow(/not a zip archive/);
});
