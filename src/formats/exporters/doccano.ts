// doccano's JSON Lines for text and image classification. doccano keeps other keys as an example's metadata.

import { jsonExporter } from "../json-export";

export const exporter = jsonExporter({
  id: "doccano",
  label: "doccano (JSON Lines)",
  summary:
    "One example a line with its list of labels, for doccano's import of text or image classification.",
  kinds: ["image", "text"],
  extension: ".jsonl",
  layout: "lines",
  record: ({ kind, text, path, status, classes, split }, number) => ({
    id: number,
    ...(kind === "text" ? { text } : { filename: path }),
    label: status === "labelled" ? classes : [],
    ...(split === null ? {} : { split }),
    Comments: [],
  }),
});
