// Excel workbooks, built here from their parts as Excel writes them.

import { expect, it } from "vitest";
import { reader } from "../../../src/formats/readers/excel";
import { zipStream, type NewEntry } from "../../../src/formats/zip-stream";
import { gather, messages, readAll } from "../read-all";

const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

async function workbook(
  sheets: readonly (readonly (readonly (string | number)[])[])[],
  filler = "",
): Promise<Blob> {
  const cell = (value: string | number, at: number, row: number) => {
    const ref = `${String.fromCharCode(65 + at)}${row + 1}`;
    return typeof value === "number"
      ? `<c r="${ref}"><v>${value}</v></c>`
      : `<c r="${ref}" t="inlineStr"><is><t>${value.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</t></is></c>`;
  };
  const sheet = (rows: readonly (readonly (string | number)[])[]) =>
    `${xml}<worksheet xmlns="${main}"><sheetData>${rows
      .map(
        (row, at) => `<row r="${at + 1}">${row.map((value, place) => cell(value, place, at)).join("")}</row>`,
      )
      .join("")}</sheetData>${filler}</worksheet>`;
  const each = (write: (number: number) => string) => sheets.map((_, at) => write(at + 1)).join("");
  const files: Record<string, string> = {
    "[Content_Types].xml": `${xml}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
    "xl/workbook.xml": `${xml}<workbook xmlns="${main}" xmlns:r="${relations}"><sheets>${each((n) => `<sheet name="Sheet ${n}" sheetId="${n}" r:id="rId${n}"/>`)}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `${xml}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${each((n) => `<Relationship Id="rId${n}" Type="${relations}/worksheet" Target="worksheets/sheet${n}.xml"/>`)}</Relationships>`,
    "xl/styles.xml": `${xml}<styleSheet xmlns="${main}"><cellXfs count="1"><xf numFmtId="0"/></cellXfs></styleSheet>`,
  };
  sheets.forEach((rows, at) => (files[`xl/worksheets/sheet${at + 1}.xml`] = sheet(rows)));
  async function* entries(): AsyncGenerator<NewEntry> {
    for (const [path, content] of Object.entries(files)) yield { path, content };
  }
  return gather(zipStream(entries(), Date.UTC(2024, 0, 2), null));
}

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
