// Finds the exporters: every file in ./exporters is one.

import { discover } from "./discover";
import type { Exporter } from "./export";

export const exporters = discover<Exporter>(
  "an exporter",
  import.meta.glob("./exporters/*.ts", { eager: true, import: "exporter" }),
);

export function exporterById(id: string): Exporter {
  const exporter = exporters.get(id);
  if (!exporter)
    throw new Error(`There is no export called "${id}". Choose one of: ${[...exporters.keys()].join(", ")}.`);
  return exporter;
}
