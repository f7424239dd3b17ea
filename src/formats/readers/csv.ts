// Comma-separated tables, and their cousins with semicolons, tabs or bars.

import { delimitedReader } from "../delimited";

export const reader = delimitedReader({ id: "csv", label: "CSV table", extensions: [".csv"] }, [
  ",",
  ";",
  "\t",
  "|",
]);
