// Tab-separated tables.

import { delimitedReader } from "../delimited";

export const reader = delimitedReader({ id: "tsv", label: "TSV table", extensions: [".tsv", ".tab"] }, [
  "\t",
]);
