// All items with their labels as a table. Formulas are neutralised with an apostrophe (see ../formula.ts),
// which our own import takes off again.

import type { Exporter } from "../export";
import { labelTable } from "../label-table";

export const exporter: Exporter = {
  id: "labels-csv",
  label: "Table of labels (CSV)",
  summary:
    "One row an item with its label, who gave it and when; opens in Excel and pandas. Cells that begin like a formula get an apostrophe in front.",
  kinds: ["image", "text"],
  group: "labels",
  wantsOpinions: true,
  needsHead: false,
  extension: ".csv",
  mime: "text/csv;charset=utf-8",
  write: (source, stop) => labelTable(source.records(), stop),
};
