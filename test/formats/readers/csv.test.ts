// Comma-separated tables: what goes in, what is reported, and what is guessed.

import { describe, expect, it } from "vitest";
import { Stopped } from "../../../src/core/errors";
import { reader } from "../../../src/formats/readers/csv";
import { messages, readAll, texts, utf16 } from "../read-all";

const labelled = { textColumn: "text", givenColumn: "label" };

describe("reading", () => {
  it("takes text and given label of each row", async () => {
    const { rows, problems } = await readAll(reader, "text,label\nhello there,pos\nbye,neg\n", labelled);
    expect(rows).toEqual([
      { text: "hello there", given: "pos", place: "row 1" },
      { text: "bye", given: "neg", place: "row 2" },
    ]);
    expect(problems).toEqual([]);
  });

  it.each([
    ["LF", "\n"],
    ["CRLF", "\r\n"],
    ["CR", "\r"],
  ])("reads %s line endings, also inside quotes", async (_, end) => {
    const csv = ["text,label", `"one, ""two""${end}three",pos`, "four,neg", ""].join(end);
    const { rows, problems } = await readAll(reader, csv, labelled);
    expect(rows.map(({ text, given }) => [text, given])).toEqual([
      [`one, "two"${end}three`, "pos"],
      ["four", "neg"],
    ]);
    expect(problems).toEqual([]);
  });

  it.each([
    ["UTF-8 with a mark", new TextEncoder().encode("\uFEFFtext,label\nnaïve,é\n")],
    ["UTF-16 LE with a mark", utf16("text,label\nnaïve,é\n", true, true)],
    ["UTF-16 BE with a mark", utf16("text,label\nnaïve,é\n", false, true)],
    ["UTF-16 LE without one", utf16("text,label\nnaïve,é\n", true, false)],
    ["UTF-16 BE without one", utf16("text,label\nnaïve,é\n", false, false)],
  ])("reads %s", async (_, bytes) => {
    const { rows, problems } = await readAll(reader, bytes, labelled);
    expect(rows).toEqual([{ text: "naïve", given: "é", place: "row 1" }]);
    expect(problems).toEqual([]);
  });

  it("falls back to Windows-1252 and says so", async () => {
    const bytes = Uint8Array.from("text,label\ncaf\xe9 \xa3 5,pos\n", (letter) => letter.charCodeAt(0));
    const { rows, problems } = await readAll(reader, bytes, labelled);
    expect(texts(rows)).toEqual(["café £ 5"]);
    expect(messages(problems)[0]).toContain("Windows-1252");
  });

  it("keeps UTF-8 where only a byte of it is broken", async () => {
    const good = new TextEncoder().encode("text\nnaïve café\nüber alles\n");
    const { rows, problems } = await readAll(reader, new Blob([good, new Uint8Array([0xff])]), {
      hasHeader: true,
    });
    expect(texts(rows)).toEqual(["naïve café", "über alles", "\uFFFD"]);
    expect(messages(problems)[0]).toContain("1 place is not valid UTF-8");
  });

  it("reports ragged rows one by one and takes the rest", async () => {
    const { rows, problems } = await readAll(reader, "text,label\na,x\nb\nc,x,y\nd,x,,\n", labelled);
    expect(texts(rows)).toEqual(["a", "d"]);
    expect(problems).toEqual([
      { place: "row 2", message: "Row 2 has 1 field where the header has 2; it was left out." },
      { place: "row 3", message: "Row 3 has 3 fields where the header has 2; it was left out." },
    ]);
  });

  it("does not let an unclosed quotation mark swallow the rest", async () => {
    const { rows, problems } = await readAll(reader, 'text,label\n"never closed,x\nb,y\nc,z\n', labelled);
    expect(rows.map(({ text }) => text)).toEqual(['"never closed', "b", "c"]);
    expect(messages(problems)).toEqual([
      "Row 1 opens a quotation mark that is never closed; its line was read as it stands.",
    ]);
  });

  it("reads a row with a misplaced quotation mark as it stands", async () => {
    const csv = 'text,label\n"Hello" he said,x\n"fine, really",y\n"a"b"c",z\n';
    const { rows, problems } = await readAll(reader, csv, labelled);
    expect(rows.map(({ text, given }) => [text, given])).toEqual([
      ['"Hello" he said', "x"],
      ["fine, really", "y"],
      ['"a"b"c"', "z"],
    ]);
    expect(problems.map(({ place }) => place)).toEqual(["row 1", "row 3"]);
  });

  it("counts blank rows in one notice and in the row numbers", async () => {
    const { rows, problems } = await readAll(reader, "text,label\n\na,x\n,\n\nb,y\n\n", labelled);
    expect(rows.map(({ place }) => place)).toEqual(["row 2", "row 5"]);
    expect(messages(problems)).toEqual(["4 blank rows were skipped."]);
  });

  it("reports rows without text and texts that are too long", async () => {
    const { rows, problems } = await readAll(
      reader,
      `text,label\n ,x\n${"y".repeat(1_000_001)},x\nfine,x\n`,
      labelled,
    );
    expect(texts(rows)).toEqual(["fine"]);
    expect(messages(problems)).toEqual([
      "Row 1 has no text; it was left out.",
      "Row 2 holds a text of 1,000,001 characters, more than the 1,000,000 one item may have; it was left out.",
    ]);
  });

  it("drops a line of more than 10 MB and goes on behind it", async () => {
    const { rows, problems } = await readAll(
      reader,
      ["text,label\na,x\n", "z".repeat(24e6), "\nb,y\n"].join(""),
      labelled,
    );
    expect(texts(rows)).toEqual(["a", "b"]);
    expect(messages(problems)).toEqual(["Row 2 is longer than 10 MB; it was left out."]);
  });

  it("does not hang on a file of nothing but unclosed quotation marks", async () => {
    const { rows } = await readAll(reader, `text\n${'"a\n'.repeat(200_000)}`, { hasHeader: true });
    expect(rows.length).toBeGreaterThan(100_000);
  }, 20_000);

  it("finds unclosed quotation marks far from the end", async () => {
    const rest = "plain text,y\n".repeat(400_000);
    const { rows, problems } = await readAll(reader, `text,label\n"open,x\n${rest}`, labelled);
    expect(rows).toHaveLength(400_001);
    expect(problems).toHaveLength(1);
  }, 20_000);

  it("comes in batches with the bytes read so far", async () => {
    const { rows, batches, bytesRead } = await readAll(
      reader,
      `text,label\n${"some text,x\n".repeat(30_000)}`,
      labelled,
    );
    expect(rows).toHaveLength(30_000);
    expect(batches).toBeGreaterThanOrEqual(60);
    expect(bytesRead).toEqual([...bytesRead].sort((a, b) => a - b));
    expect(bytesRead.at(-1)).toBe(11 + 30_000 * 12);
  });

  it("says that an empty file is empty", async () => {
    expect(messages((await readAll(reader, "")).problems)[0]).toContain("holds no rows");
    expect(messages((await readAll(reader, "text,label\n", labelled)).problems)[0]).toContain(
      "holds no rows",
    );
  });

  it("refuses what is no text with a sentence", async () => {
    const bytes = Uint8Array.from({ length: 4000 }, (_, at) => (at * 7) % 256);
    await expect(readAll(reader, bytes)).rejects.toThrow(/no text has/);
  });

  it("names the columns there are when the chosen one is missing", async () => {
    await expect(readAll(reader, "text,label\na,b\n", { textColumn: "body" })).rejects.toThrow(/text, label/);
  });

  it("stops when told to", async () => {
    const run = reader.read(
      new Blob(["text\na\n"]),
      { textColumn: null, givenColumn: null },
      { aborted: true },
    );
    await expect(run[Symbol.asyncIterator]().next()).rejects.toBeInstanceOf(Stopped);
  });
});

describe("delimiters", () => {
  it.each([
    [";", "text;label\nHello, world, again;pos\nOh, well;neg\n"],
    ["tab", "text\tlabel\nHello, world, again\tpos\nOh; well\tneg\n"],
    ["|", "text|label\nHello, world, again|pos\nOh; well|neg\n"],
  ])("finds %s", async (_, csv) => {
    const { rows, problems } = await readAll(reader, csv, labelled);
    expect(rows.map(({ given }) => given)).toEqual(["pos", "neg"]);
    expect(problems).toEqual([]);
  });

  it("takes a file without a delimiter in its header for one column", async () => {
    const { rows, problems } = await readAll(reader, 'text\nHello, world\n"a, b"\none; two, three\n');
    expect(texts(rows)).toEqual(["Hello, world", "a, b", "one; two, three"]);
    expect(problems).toEqual([]);
  });
});

describe("preview", () => {
  const preview = (csv: string, hasHeader?: boolean) => reader.preview(new Blob([csv]), hasHeader);

  it("guesses the longest column as text and the named one as label", async () => {
    const table = await preview("id,review,sentiment\n1,a rather long review,pos\n2,another long one,neg\n");
    expect(table).toMatchObject({
      columns: ["id", "review", "sentiment"],
      guessedText: "review",
      guessedGiven: "sentiment",
      hasHeader: true,
    });
    expect(table.rows[0]).toEqual(["1", "a rather long review", "pos"]);
  });

  it("guesses a label column by its few short values", async () => {
    const lines = Array.from(
      { length: 30 },
      (_, at) => `this is text number ${at},${["spam", "ham"][at % 2]},${at}`,
    );
    expect(await preview(`what,kind,n\n${lines.join("\n")}\n`)).toMatchObject({
      guessedText: "what",
      guessedGiven: "kind",
    });
  });

  it("sees that there is no header, and can be told otherwise", async () => {
    const csv = "I liked it a lot.,pos\nNot for me at all.,neg\nIt was fine.,pos\n";
    expect(await preview(csv)).toMatchObject({ hasHeader: false, columns: ["Column 1", "Column 2"] });
    expect(await preview(csv, true)).toMatchObject({
      hasHeader: true,
      columns: ["I liked it a lot.", "pos"],
    });
    const { rows } = await readAll(reader, csv, { givenColumn: "Column 2" });
    expect(rows[0]).toEqual({ text: "I liked it a lot.", given: "pos", place: "row 1" });
    expect((await readAll(reader, csv, { hasHeader: true })).rows).toHaveLength(2);
  });

  it("makes repeated and missing column names unique", async () => {
    const table = await preview("text,text,,text (2)\na,b,c,d\n");
    expect(new Set(table.columns).size).toBe(4);
    expect(table.columns).toEqual(["text", "text (3)", "Column 3", "text (2)"]);
  });

  it("shows the first 20 rows of a long file", async () => {
    const table = await preview(`text,label\n${"a text that repeats,x\n".repeat(50_000)}`);
    expect(table.rows).toHaveLength(20);
  });

  it("has no columns for an empty file", async () => {
    const table = await preview("");
    expect(table).toMatchObject({ columns: [], rows: [], guessedText: "", guessedGiven: null });
    expect(table.notices).toHaveLength(1);
  });

  it("does not take a long hash for the text", async () => {
    const hash = "0a".repeat(32);
    expect(await preview(`key,words\n${hash},short words here\n${hash},more words\n`)).toMatchObject({
      guessedText: "words",
    });
  });
});
