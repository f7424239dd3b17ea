// Prodigy's JSON Lines in its choice interface: the classes are the options, the label is what was accepted.

import { hashText } from "../../core/random";
import { jsonExporter } from "../json-export";

export const exporter = jsonExporter({
  id: "prodigy",
  label: "Prodigy (JSON Lines)",
  summary:
    "One task a line with the classes as options and the answer, for Prodigy's db-in and its choice recipes.",
  kinds: ["image", "text"],
  extension: ".jsonl",
  wantsOpinions: true,
  layout: "lines",
  record(record, _number, source) {
    const { kind, text, path, itemId, status, classes, annotator, at, split, confidence, guess } = record;
    const person = annotator === null ? {} : { _annotator_id: annotator, _session_id: annotator };
    const answer =
      status === "labelled"
        ? {
            accept: classes,
            answer: "accept",
            ...person,
            ...(at === null ? {} : { _timestamp: Math.floor(at / 1000) }),
          }
        : status === "unlabelled"
          ? {}
          : { accept: [], answer: "ignore", ...person };
    return {
      [kind]: text ?? path,
      options: source.classes.map((name) => ({ id: name, text: name })),
      ...answer,
      meta: {
        source: record.name,
        ...(split === null ? {} : { split }),
        ...(guess === null ? {} : { guess, score: confidence }),
      },
      _view_id: "choice",
      config: { choice_style: source.answerMode },
      _input_hash: hashText(itemId) | 0,
      _task_hash: hashText(`${itemId} choice`) | 0,
    };
  },
});
