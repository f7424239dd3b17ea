// Tab-separated tables.

import { expect, it } from "vitest";
import { reader } from "../../../src/formats/readers/tsv";
import { messages, readAll } from "../read-all";

it("splits at tabs only", async () => {
  const { rows, problems } = await readAll(reader, "text\tlabel\na, b; c\tx\nd\n", {
    textColumn: "text",
    givenColumn: "label",
  });
  expect(rows).toEqual([{ text: "a, b; c", given: "x", place: "row 1" }]);
  expect(messages(problems)).toEqual(["Row 2 has 1 field where the header has 2; it was left out."]);
});

it("keeps quotation marks that are part of the text", async () => {
  const { rows } = await readAll(
    reader,
    'text\tlabel\nthe "best" one\tx\n"best" of all\ty\n"quoted\ttab"\tz\n',
    {
      textColumn: "text",
    },
  );
  expect(rows.map(({ text }) => text)).toEqual(['the "best" one', '"best" of all', "quoted\ttab"]);
});
