// All items with their labels, one JSON object a line, for programs. Nothing is escaped or shortened.

import { jsonExporter } from "../json-export";
import { labelColumns } from "../label-columns";

export const exporter = jsonExporter({
  id: "labels-jsonl",
  label: "Labels as JSON Lines",
  summary:
    "One JSON object a line with everything known of an item; read by doccano, Hugging Face datasets and any script.",
  kinds: ["image", "text"],
  group: "labels",
  wantsOpinions: true,
  extension: ".jsonl",
  layout: "lines",
  /** `label` is the class where there is exactly one, for those who want a plain string; `labels` is always all. */
  record(record) {
    const cells = labelColumns.flatMap(({ name, cell }): (readonly [string, unknown])[] =>
      name === "label"
        ? [
            ["label", record.classes.length === 1 ? record.classes[0] : null],
            ["labels", record.classes],
          ]
        : [[name, cell(record)]],
    );
    return Object.fromEntries(cells);
  },
});
