// Argilla 2 records, as `rg.Record` has them: fields, one question "label", the model's guess as a suggestion.

import { jsonExporter } from "../json-export";

export const exporter = jsonExporter({
  id: "argilla",
  label: "Argilla (records)",
  summary:
    "Records with responses and suggestions to a question called “label”, for Argilla's dataset from JSON.",
  kinds: ["image", "text"],
  extension: ".json",
  wantsOpinions: true,
  layout: "list",
  record(record, _number, source) {
    const { kind, text, path, itemId, status, classes, annotator, split, guess, confidence } = record;
    const value = (names: readonly string[]) => (source.answerMode === "single" ? (names[0] ?? null) : names);
    const response = {
      value: value(classes),
      user_id: annotator,
      status: status === "labelled" ? "submitted" : "discarded",
    };
    return {
      id: itemId,
      status: status === "labelled" ? "completed" : "pending",
      fields: { [kind]: text ?? path },
      metadata: { name: record.name, ...(split === null ? {} : { split }) },
      suggestions:
        guess === null ? {} : { label: { value: value([guess]), score: confidence, agent: "askwell" } },
      responses: status === "unlabelled" || status === "unsure" ? {} : { label: [response] },
      vectors: {},
    };
  },
});
