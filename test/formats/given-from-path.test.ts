// Class names out of folders.

import { expect, it } from "vitest";
import { commonFolder, givenFromPath } from "../../src/formats/given-from-path";

it.each([
  ["root/cat/1.jpg", "cat"],
  ["cat/1.jpg", "cat"],
  ["train/cat/1.jpg", "cat"],
  ["data/Validation/dog/1.jpg", "dog"],
  ["photos.zip/cat/1.jpg", "cat"],
  ["1.jpg", null],
  ["train/1.jpg", null],
  ["root/test/1.jpg", null],
  ["photos.zip/1.jpg", null],
  ["", null],
])("%s gives %s", (path, given) => expect(givenFromPath(path)).toBe(given));

it("does not take the folder everything lies in for a class", () => {
  const flat = ["holiday/1.jpg", "holiday/2.jpg"];
  expect(commonFolder(flat)).toBe("holiday");
  expect(flat.map((path) => givenFromPath(path, commonFolder(flat)))).toEqual([null, null]);
  const sorted = ["root/cat/1.jpg", "root/dog/2.jpg", "root/3.jpg"];
  expect(commonFolder(sorted)).toBe("root");
  expect(sorted.map((path) => givenFromPath(path, commonFolder(sorted)))).toEqual(["cat", "dog", null]);
  expect(commonFolder(["a/b/1.jpg", "ab/1.jpg"])).toBe("");
  expect(commonFolder([])).toBe("");
});
