// Plain text, one text a line.

import { expect, it } from "vitest";
import { reader } from "../../../src/formats/readers/txt";
import { messages, readAll, texts, utf16 } from "../read-all";

it("takes each line, whatever ends it", async () => {
  const { rows } = await readAll(reader, "one\ntwo\r\nthree\rfour");
  expect(rows.map(({ text, place }) => [text, place])).toEqual([
    ["one", "line 1"],
    ["two", "line 2"],
    ["three", "line 3"],
    ["four", "line 4"],
  ]);
});

it("does not split a CRLF that falls between two chunks", async () => {
  const first = "x".repeat(256 * 1024 - 1);
  const { rows, problems } = await readAll(reader, `${first}\r\nsecond\r\n`);
  expect(texts(rows)).toEqual([first, "second"]);
  expect(problems).toEqual([]);
});

it("counts blank lines in one notice", async () => {
  const { rows, problems } = await readAll(reader, "a\n\n  \nb\n\n");
  expect(rows.map(({ place }) => place)).toEqual(["line 1", "line 4"]);
  expect(messages(problems)).toEqual(["3 blank lines were skipped."]);
});

it("drops a line of more than 10 MB and texts of more than a million characters", async () => {
  const file = ["a\n", "z".repeat(24e6), "\nb\n", "y".repeat(1_000_001), "\nc"].join("");
  const { rows, problems } = await readAll(reader, file);
  expect(texts(rows)).toEqual(["a", "b", "c"]);
  expect(problems.map(({ place }) => place)).toEqual(["line 2", "line 4"]);
});

it("reads UTF-16 and characters cut by a chunk", async () => {
  expect(texts((await readAll(reader, utf16("zwei\ndrei", true, true))).rows)).toEqual(["zwei", "drei"]);
  const long = "é".repeat(300_000);
  expect(texts((await readAll(reader, `a${long}`)).rows)).toEqual([`a${long}`]);
});

it("previews the first lines, also of a file cut inside a character", async () => {
  const preview = await reader.preview(new Blob([`a\n${"é".repeat(600_000)}`]));
  expect(preview.rows[0]).toEqual(["a"]);
  expect(preview.notices).toEqual([]);
  expect(preview).toMatchObject({ columns: ["text"], guessedText: "text", guessedGiven: null });
  expect((await reader.preview(new Blob([]))).notices).toHaveLength(1);
});
