// COCO's joined lists, in any order.

import { expect, it } from "vitest";
import { reader } from "../../../src/formats/readers/coco";
import { messages, readAll } from "../read-all";

const images = [
  { id: 1, file_name: "a.jpg", width: 4, height: 3 },
  { id: 2, file_name: "dir/b.jpg" },
  { id: 3, file_name: "c.jpg" },
];
const annotations = [
  { id: 1, image_id: 1, category_id: 7, bbox: [0, 0, 4, 3], area: 12, iscrowd: 0 },
  { id: 2, image_id: 1, category_id: 7, bbox: [1, 1, 1, 1] },
  { id: 3, image_id: 1, category_id: 9 },
  { id: 4, image_id: 2, category_id: 8 },
  { image_id: 3 },
];
const categories = [
  { id: 7, name: "cat", supercategory: "animal" },
  { id: 9, name: "dog" },
];

it.each([[{ info: {}, images, annotations, categories }], [{ categories, annotations, images }]])(
  "joins images, annotations and categories: %#",
  async (whole) => {
    const file = JSON.stringify(whole);
    expect(reader.recognise!(file)).toBe(true);
    expect(await reader.preview(new Blob([file]))).toMatchObject({
      guessedFile: "file_name",
      guessedGiven: "label",
    });
    const { rows, problems } = await readAll(reader, file, { textColumn: "file_name", givenColumn: "label" });
    expect(rows.map(({ text, given }) => [text, given])).toEqual([
      ["a.jpg", "cat|dog"],
      ["c.jpg", null],
    ]);
    expect(messages(problems)).toEqual([
      "Image 2 has an annotation of category 8, which the file does not name; it was left out.",
      "1 annotation or category could not be read; the rest went in.",
    ]);
  },
);

it("says what a file without images is not", async () => {
  await expect(readAll(reader, '{"annotations": [], "categories": []}')).rejects.toThrow(
    /no list of "images"/,
  );
});
