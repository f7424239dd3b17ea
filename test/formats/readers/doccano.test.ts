// doccano's JSON Lines.

import { expect, it } from "vitest";
import { reader } from "../../../src/formats/readers/doccano";
import { messages, readAll } from "../read-all";

const lines = [
  '{"id": 1, "text": "good", "label": ["pos", "short"], "Comments": []}',
  '{"id": 2, "text": "so so", "label": [], "Comments": ["hm"]}',
  '{"id": 3, "text": "Ada met Bob", "label": [[0, 3, "PER"]], "Comments": []}',
].join("\n");

it("recognises its own export and leaves plain JSON Lines to others", () => {
  expect(reader.recognise!(lines)).toBe(true);
  expect(reader.recognise!('{"text": "a", "label": "b"}')).toBe(false);
});

it("takes the classes and refuses spans line by line", async () => {
  const { rows, problems } = await readAll(reader, lines, { givenColumn: "label" });
  expect(rows.map(({ text, given, place }) => [text, given, place])).toEqual([
    ["good", "pos|short", "line 1"],
    ["so so", null, "line 2"],
  ]);
  expect(messages(problems)).toEqual([expect.stringMatching(/^Line 3 holds spans.*left out\.$/)]);
});

it("finds the file names of images", async () => {
  const images = '{"id": 1, "filename": "a.jpg", "label": ["cat"], "Comments": []}\n';
  expect(await reader.preview(new Blob([images]))).toMatchObject({
    guessedFile: "filename",
    guessedGiven: "label",
  });
});
