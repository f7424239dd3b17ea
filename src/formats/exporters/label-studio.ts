// Tasks for Label Studio, with annotations, and the model's guesses as predictions. They fit a labelling
// interface with a Choices tag named "label" to an Image tag "image" or a Text tag "text".

import { jsonExporter, type SplitRecord } from "../json-export";

export const exporter = jsonExporter({
  id: "label-studio",
  label: "Label Studio (JSON)",
  summary: "Tasks with their annotations, and the model's guesses as predictions, for Label Studio's import.",
  kinds: ["image", "text"],
  extension: ".json",
  wantsOpinions: true,
  layout: "list",
  record: task,
});

function task(record: SplitRecord, number: number): unknown {
  const { kind, text, path, itemId, status, split, guess, confidence } = record;
  const result = (id: string, names: readonly string[]) =>
    names.length === 0
      ? []
      : [{ id, from_name: "label", to_name: kind, type: "choices", value: { choices: names } }];
  const time = record.at === null ? undefined : new Date(record.at).toISOString();
  const annotation = {
    id: number,
    completed_by: record.annotator ?? undefined,
    was_cancelled: status === "skipped",
    // What the hold-out is to Label Studio: answers that others are measured against.
    ground_truth: split === "test",
    created_at: time,
    updated_at: time,
    lead_time: record.tookMs === null ? undefined : record.tookMs / 1000,
    result: result(`a${number}`, record.classes),
  };
  const prediction = {
    model_version: "askwell",
    score: confidence,
    result: result(`p${number}`, guess === null ? [] : [guess]),
  };
  return {
    id: number,
    data: { [kind]: text ?? path, askwell_item: itemId, ...(split === null ? {} : { split }) },
    annotations: status === "labelled" || status === "skipped" ? [annotation] : [],
    predictions: guess === null ? [] : [prediction],
  };
}
