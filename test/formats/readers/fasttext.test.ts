// fastText's labelled lines.

import { expect, it } from "vitest";
import { reader } from "../../../src/formats/readers/fasttext";
import { messages, readAll } from "../read-all";

it("takes the classes off the front of each line", async () => {
  const file =
    "__label__pos __label__short good\n\n__label__neg bad __label__pos inside\nno label here\n__label__only\n";
  expect(reader.recognise!(file)).toBe(true);
  expect(reader.recognise!("plain text __label__a")).toBe(false);
  const { rows, problems } = await readAll(reader, file, { givenColumn: "label" });
  expect(rows.map(({ text, given }) => [text, given])).toEqual([
    ["good", "pos|short"],
    ["bad __label__pos inside", "neg"],
    ["no label here", null],
  ]);
  expect(messages(problems)).toEqual(["Line 5 has no text; it was left out.", "1 blank row was skipped."]);
});
