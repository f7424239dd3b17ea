// Label records and a source of them, for the tests of the exporters.

import type { ItemId } from "../../src/core/ids";
import type { ExportSource, LabelRecord } from "../../src/formats/export";
import type { Problem } from "../../src/formats/reader";

let made = 0;

export function record(part: Partial<LabelRecord> = {}): LabelRecord {
  const itemId = (++made).toString(16).padStart(64, "0") as ItemId;
  return {
    itemId,
    name: `line ${made}`,
    path: "tickets.csv",
    kind: "text",
    text: `text number ${made}`,
    classes: ["yes"],
    status: "labelled",
    slice: "train",
    origin: "person",
    annotator: "Ada",
    at: Date.UTC(2025, 0, 2, 3, 4, 5),
    round: 2,
    tookMs: 1500,
    given: null,
    guess: "yes",
    confidence: 0.875,
    width: 0,
    height: 0,
    opinion: null,
    ...part,
  };
}

export interface TestSource extends ExportSource {
  readonly problems: Problem[];
}

export function sourceOf(records: readonly LabelRecord[], part: Partial<ExportSource> = {}): TestSource {
  const problems: Problem[] = [];
  return {
    projectName: "Test",
    answerMode: "single",
    classes: [...new Set(records.flatMap(({ classes }) => classes))],
    records: () => records,
    readBytes: async () => new Blob(["bytes"]),
    head: null,
    appVersion: "0.1.0",
    createdAt: Date.UTC(2025, 5, 6, 7, 8, 10),
    report: (problem) => problems.push(problem),
    problems,
    ...part,
  };
}

/** Texts that break careless formats. */
export const awkwardTexts = [
  "plain",
  'quotes "inside" and, commas; semicolons\ttabs|bars',
  "two\nlines",
  "two\r\nlines with CRLF",
  "ends with CR\r",
  "=1+1",
  "+49 89 1234",
  "-5 degrees",
  "@home",
  "\ttab first",
  "\rcarriage first",
  "\nnewline first",
  "'=already quoted",
  "''=twice",
  "'just an apostrophe'",
  "\uff1dfull width",
  " space first and last ",
  "null\u0000inside",
  "emoji 👩‍🔬, عربى, 漢字, é and e\u0301",
  "\uFEFFmark first",
  "back\\slash",
  "\u2028 line separator",
  '"',
  "'",
];
