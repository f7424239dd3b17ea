// Excel workbooks for the tests, built from their parts as Excel writes them.

import { zipStream, type NewEntry } from "../../src/formats/zip-stream";
import { gather } from "./read-all";

const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/** @param filler goes into every sheet, behind its rows. */
export async function workbook(
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
