// Label Studio's JSON: tasks with annotations and predictions, or the short form JSON_MIN, one flat object a
// task. Choices are read; regions are not what this app labels.

import type { GivenAnswer } from "../reader";
import { sliceOf, timeOf, type Provenance } from "../provenance";
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
  id: "label-studio",
  label: "Label Studio tasks",
  extensions: [".json", ".jsonl"],
  recognise: (head) =>
    (/"data"\s*:\s*\{/.test(head) && /"(annotations|completions|predictions)"\s*:\s*\[/.test(head)) ||
    (/"annotation_id"\s*:/.test(head) && /"lead_time"\s*:/.test(head)),
  records: (file, stop, notice) =>
    jsonRecords(file, stop, notice, (record) =>
      isObject(record["data"]) ? task(record, record["data"]) : short(record),
    ),
});

function task(record: Json, data: Json): ToolRecord {
  const questions = new Map<string, GivenAnswer[]>();
  const add = (name: string, answer: GivenAnswer) => {
    const answers = questions.get(name);
    if (answers) answers.push(answer);
    else questions.set(name, [answer]);
  };
  const whatever: GivenAnswer[] = [];
  const annotations = listOf(record["annotations"] ?? record["completions"]);
  for (const annotation of annotations) {
    const about = aboutOf(annotation, data);
    if (annotation["was_cancelled"] === true) {
      whatever.push({ type: "skip", classes: [], ...about, origin: "import" });
      continue;
    }
    const results = listOf(annotation["result"]);
    if (results.length === 0) whatever.push({ type: "classes", classes: [], ...about, origin: "import" });
    for (const [name, classes] of choicesOf(annotation))
      add(name, { type: "classes", classes, ...about, origin: "import" });
  }
  for (const prediction of listOf(record["predictions"])) {
    const about = {
      annotator: personOf(prediction["model_version"]),
      at: timeOf(prediction["created_at"]),
      slice: null,
    };
    for (const [name, classes] of choicesOf(prediction))
      add(`${name} (prediction)`, { type: "classes", classes, ...about, origin: "model" });
  }
  return { item: { fields: plainFields(data), questions: Object.fromEntries(questions), whatever } };
}

/** Names by question. Results of other types are regions or free texts. */
function choicesOf(annotation: Json): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const result of listOf(annotation["result"])) {
    if (result["type"] !== "choices" || !isObject(result["value"])) continue;
    const names = namesOf(result["value"]["choices"]);
    const question = typeof result["from_name"] === "string" ? result["from_name"] : "label";
    if (names) found.set(question, [...(found.get(question) ?? []), ...names]);
  }
  return found;
}

/** Label Studio's ground truth is what other answers are measured against: a hold-out. */
function aboutOf(annotation: Json, data: Json): Provenance {
  const split = typeof data["split"] === "string" ? sliceOf(data["split"]) : null;
  return {
    annotator: personOf(annotation["completed_by"]),
    at: timeOf(annotation["updated_at"] ?? annotation["created_at"]),
    slice: annotation["ground_truth"] === true ? "hold-out" : split,
  };
}

/** JSON_MIN: the data's keys and the questions' keys side by side. */
function short(record: Json): ToolRecord {
  const about = {
    annotator: personOf(record["annotator"]),
    at: timeOf(record["updated_at"] ?? record["created_at"]),
    slice: null,
  };
  const known = ["id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time"];
  const questions: Record<string, GivenAnswer[]> = {};
  for (const [key, value] of Object.entries(record)) {
    const names = isObject(value) ? namesOf(value["choices"]) : null;
    if (names) questions[key] = [{ type: "classes", classes: names, ...about, origin: "import" }];
  }
  return { item: { fields: plainFields(record, known), questions, about } };
}

function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
