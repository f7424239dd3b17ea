// Prodigy's JSON Lines: `answer` says whether the proposed `label`, or the accepted options, were right.

import { sliceOf, timeOf, type Provenance } from "../provenance";
import type { GivenAnswer } from "../reader";
import {
  isObject,
  jsonRecords,
  namesOf,
  personOf,
  plainFields,
  toolReader,
  type ToolRecord,
} from "../tool-reader";

type Json = Readonly<Record<string, unknown>>;

const itsOwn = [
  "label",
  "answer",
  "_input_hash",
  "_task_hash",
  "_view_id",
  "_session_id",
  "_annotator_id",
  "_timestamp",
  "_is_binary",
  "priority",
];

export const reader = toolReader({
  id: "prodigy",
  label: "Prodigy JSON Lines",
  extensions: [".jsonl", ".json"],
  recognise: (head) =>
    /"_(task_hash|input_hash|view_id)"\s*:/.test(head) ||
    /"answer"\s*:\s*"(accept|reject|ignore)"/.test(head),
  records: (file, stop, notice) => jsonRecords(file, stop, notice, take),
});

function take(record: Json): ToolRecord {
  const meta = isObject(record["meta"]) ? record["meta"] : {};
  const about: Provenance = {
    annotator: personOf(record["_annotator_id"] ?? record["_session_id"]),
    at: timeOf(record["_timestamp"]),
    slice: typeof meta["split"] === "string" ? sliceOf(meta["split"]) : null,
  };
  const fields = plainFields(record, itsOwn);
  // A picture inside the file itself names none.
  if (fields["image"]?.startsWith("data:")) delete fields["image"];
  const path = typeof record["path"] === "string" ? record["path"] : meta["file"];
  if (fields["image"] === undefined && typeof path === "string") fields["image"] = path;
  const answer = answerOf(record, about);
  return { item: { fields, questions: { label: answer ? [answer] : [] } } };
}

/** Rejecting one proposed class says which it is not, and no more; such a record goes in without an answer. */
function answerOf(record: Json, about: Provenance): GivenAnswer | null {
  const answer = record["answer"];
  if (answer === "ignore") return { type: "skip", classes: [], ...about, origin: "import" };
  const options = Array.isArray(record["options"]) ? record["options"].filter(isObject) : null;
  if (options === null) {
    const names = namesOf(record["label"]);
    // Without an answer it is a task not asked yet, whose label is a proposal.
    if (answer !== "accept" || names === null || names.length === 0) return null;
    return { type: "classes", classes: names, ...about, origin: "import" };
  }
  if (answer !== "accept") return null;
  const texts = new Map(
    options.map((option) => [String(option["id"]), String(option["text"] ?? option["id"])]),
  );
  const accepted = namesOf(record["accept"]) ?? [];
  return { type: "classes", classes: accepted.map((id) => texts.get(id) ?? id), ...about, origin: "import" };
}
