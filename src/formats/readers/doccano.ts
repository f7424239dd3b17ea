// doccano's JSON Lines of text and image classification: `label` (older: `labels`) is a list of class names.

import { sliceOf } from "../provenance";
import type { GivenAnswer } from "../reader";
import { jsonRecords, namesOf, plainFields, toolReader, type ToolRecord } from "../tool-reader";

const labelKeys = ["label", "labels", "cats"];

export const reader = toolReader({
  id: "doccano",
  label: "doccano JSON Lines",
  extensions: [".jsonl", ".json"],
  recognise: (head) =>
    /^[\s\uFEFF[]*\{/.test(head) &&
    /"Comments"\s*:/.test(head) &&
    /"(label|labels|cats)"\s*:\s*\[/.test(head) &&
    /"(text|data|filename)"\s*:\s*"/.test(head),
  records: (file, stop, notice) => jsonRecords(file, stop, notice, take),
});

function take(record: Readonly<Record<string, unknown>>): ToolRecord {
  const key = labelKeys.find((one) => record[one] !== undefined && record[one] !== null);
  const names = key === undefined ? [] : namesOf(record[key]);
  if (names === null)
    return { fault: `holds spans or pairs in "${key}", which is sequence labelling and no classification` };
  const split = typeof record["split"] === "string" ? sliceOf(record["split"]) : null;
  // doccano writes an empty list both for "none" and for "not yet", so it says nothing.
  const answers: GivenAnswer[] =
    names.length === 0
      ? []
      : [
          {
            type: "classes",
            classes: names,
            annotator: personIn(record),
            at: null,
            slice: split,
            origin: "import",
          },
        ];
  return { item: { fields: plainFields(record, labelKeys), questions: { label: answers } } };
}

function personIn(record: Readonly<Record<string, unknown>>): string | null {
  const value = record["annotator"] ?? record["username"];
  return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}
