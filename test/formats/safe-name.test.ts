// Names every file system can store.

import { describe, expect, it } from "vitest";
import { createRandom } from "../../src/core/random";
import { safeName, UniqueNames } from "../../src/formats/safe-name";

it.each([
  ["cat.jpg", "cat.jpg"],
  ["../../etc/passwd", "_.._etc_passwd"],
  ["a/b\\c:d.png", "a_b_c_d.png"],
  ["CON", "_CON"],
  ["nul.txt", "_nul.txt"],
  ["com1.tar.gz", "_com1.tar.gz"],
  ["console", "console"],
  ["  .hidden. ", "hidden"],
  ["..", "item"],
  ["", "item"],
  ["a\0b\u202egpj.exe", "a_b_gpj.exe"],
  ["fullwidth\uff0f\uff0e\uff0e", "fullwidth_\uff0e\uff0e"],
  ["\ud800broken", "_broken"],
  ["e\u0301te\u0301", "\u00e9t\u00e9"],
  ["👩‍🔬 lab.png", "👩‍🔬 lab.png"],
])("%j becomes %j", (raw, safe) => expect(safeName(raw, "item")).toBe(safe));

it("keeps long names under the limit, with their extension and whole characters", () => {
  const name = safeName(`${"🐈".repeat(200)}.jpeg`, "item");
  expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(120);
  expect(name).toMatch(/^(🐈)+\.jpeg$/u);
});

it("holds for random names", () => {
  const random = createRandom(7);
  const alphabet = [
    "/",
    "\\",
    ".",
    " ",
    "\0",
    "\u202e",
    "a",
    "Z",
    "é",
    "漢",
    "😀",
    "\ud83d",
    ":",
    "con",
    "\uff0f",
    "\n",
  ];
  for (let turn = 0; turn < 3000; turn++) {
    const raw = Array.from(
      { length: random.integer(60) },
      () => alphabet[random.integer(alphabet.length)],
    ).join("");
    const name = safeName(raw, "item");
    expect(name).not.toMatch(/[/\\:\p{Cc}\p{Cs}\u202e]|^[. ]|[. ]$/u);
    expect(name).not.toBe("");
    expect(name).not.toMatch(/^(con|nul)(\.|$)/i);
    expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(120);
  }
});

describe("unique names", () => {
  it("differ in case and Unicode form too", () => {
    const names = new UniqueNames();
    const taken = ["a.jpg", "A.JPG", "a-2.jpg", "a.jpg", "\u00e9", "e\u0301", "stra\u00dfe", "STRASSE"].map(
      (name) => names.take(name),
    );
    expect(taken).toEqual([
      "a.jpg",
      "A-2.JPG",
      "a-2-2.jpg",
      "a-3.jpg",
      "\u00e9",
      "e\u0301-2",
      "stra\u00dfe",
      "STRASSE-2",
    ]);
  });

  it("count quickly", () => {
    const names = new UniqueNames();
    const all = Array.from({ length: 20_000 }, () => names.take("image.png"));
    expect(new Set(all).size).toBe(20_000);
    expect(all.at(-1)).toBe("image-20000.png");
  });
});
