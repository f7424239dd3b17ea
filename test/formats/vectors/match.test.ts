// Which item a name in a file of vectors means.

import { expect, test } from "vitest";
import { createMatcher } from "../../../src/formats/vectors/match";

const find = createMatcher([
  { itemId: "aa11", name: "1.jpg", path: "photos/cats/1.jpg" },
  { itemId: "bb22", name: "2.jpg", path: "photos/cats/2.jpg" },
  { itemId: "cc33", name: "1.jpg", path: "photos/dogs/1.jpg" },
]);

test.each([
  ["its id", "CC33", 2],
  ["its path", "photos/dogs/1.jpg", 2],
  ["its path with backslashes", ".\\photos\\dogs\\1.jpg", 2],
  ["a longer path", "s3://bucket/run/photos/cats/1.jpg", 0],
  ["its path without the ending", "photos/cats/1", 0],
  ["its file name, where only one has it", "2.jpg", 1],
  ["its file name without the ending", "elsewhere/2", 1],
  ["a file name that two have", "1.jpg", "several"],
  ["a name nobody has", "9.jpg", null],
  ["nothing", "", null],
])("%s", (_, name, row) => expect(find(name)).toBe(row));
