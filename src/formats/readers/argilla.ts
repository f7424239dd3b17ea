// Argilla's records as JSON: nested as `to_dict` writes them, by question or as lists, or flattened as
// `to_list(flatten=True)` does. Label questions are read; other questions have other kinds of values.

import { sliceOf, type Provenance } from "../provenance";
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

export const reader = toolReader({
  id: "argilla",
  label: "Argilla records",
  extensions: [".json", ".jsonl"],
  recognise: (head) =>
    (/"fields"\s*:\s*\{/.test(head) && /"(responses|suggestions)"\s*:/.test(head)) ||
    /"[^"]+\.(responses|suggestion)(\.[a-z]+)?"\s*:/.test(head),
  records: (file, stop, notice) =>
    jsonRecords(file, stop, notice, (record) =>
      isObject(record["fields"]) ? nested(record, record["fields"]) : flat(record),
    ),
});

class Questions {
  readonly found = new Map<string, GivenAnswer[]>();

  add(name: string, value: unknown, about: Provenance, origin: GivenAnswer["origin"], status: unknown): void {
    if (status === "draft" || status === "pending") return;
    const column = origin === "model" ? `${name} (suggestion)` : name;
    const answers = this.found.get(column) ?? [];
    this.found.set(column, answers);
    const classes = namesOf(value);
    if (status === "discarded") answers.push({ type: "skip", classes: [], ...about, origin });
    else if (classes !== null && value !== undefined)
      answers.push({ type: "classes", classes, ...about, origin });
  }
}

function nested(record: Json, fields: Json): ToolRecord {
  const slice = splitOf(isObject(record["metadata"]) ? record["metadata"] : {});
  const questions = new Questions();
  for (const [name, answer] of answersIn(record["responses"])) {
    const about = { annotator: personOf(answer["user_id"]), at: null, slice };
    questions.add(name, answer["value"], about, "import", answer["status"]);
  }
  for (const [name, suggestion] of answersIn(record["suggestions"])) {
    const about = { annotator: personOf(suggestion["agent"]), at: null, slice: null };
    questions.add(name, suggestion["value"], about, "model", null);
  }
  return { item: { fields: plainFields(fields), questions: Object.fromEntries(questions.found) } };
}

/** A list that names its questions, or lists by question. */
function answersIn(value: unknown): [name: string, answer: Json][] {
  if (Array.isArray(value))
    return value.filter(isObject).map((one) => [String(one["question_name"] ?? "label"), one]);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, answers]) =>
    (Array.isArray(answers) ? answers : [answers]).filter(isObject).map((one): [string, Json] => [name, one]),
  );
}

function flat(record: Json): ToolRecord {
  const questions = new Questions();
  const fields: Record<string, string> = plainFields(record);
  for (const [key, value] of Object.entries(record)) {
    const [, name, what] = /^(.+)\.(responses|suggestion)$/.exec(key) ?? [];
    if (name === undefined) continue;
    delete fields[key];
    const slice = splitOf(record);
    if (what === "suggestion") {
      const about = { annotator: personOf(record[`${key}.agent`]), at: null, slice: null };
      if (value !== null) questions.add(name, value, about, "model", null);
      continue;
    }
    const users = listOf(record[`${key}.users`]);
    const statuses = listOf(record[`${key}.status`]);
    listOf(value).forEach((one, place) => {
      const about = { annotator: personOf(users[place]), at: null, slice };
      questions.add(name, one, about, "import", statuses[place]);
    });
  }
  for (const key of Object.keys(fields))
    if (/\.(responses|suggestion)\.[a-z]+$/.test(key)) delete fields[key];
  return { item: { fields, questions: Object.fromEntries(questions.found) } };
}

function splitOf(record: Json): Provenance["slice"] {
  return typeof record["split"] === "string" ? sliceOf(record["split"]) : null;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
