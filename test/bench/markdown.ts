// Writes the table of a run into a Markdown file, as the one section of its name; other sections stay as they are.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";

const title = "## Kernels and rounds";

/** @param table the names of the columns first; the first two columns are words, the others numbers. */
export function writeSection(file: string, table: readonly (readonly string[])[]): void {
  const before = existsSync(file) ? readFileSync(file, "utf8") : "# Benchmarks\n";
  writeFileSync(file, withSection(before, sectionOf(table, process.argv.slice(2).join(" "))));
}

/** The text with the section in the place of the one before it, else at the end. */
export function withSection(text: string, section: string): string {
  const start = text.indexOf(`${title}\n`);
  if (start < 0) return `${text.trimEnd()}\n\n${section}`;
  const next = text.indexOf("\n## ", start);
  const rest = next < 0 ? "" : text.slice(next);
  return `${text.slice(0, start)}${section}${rest}`;
}

function sectionOf(table: readonly (readonly string[])[], options: string): string {
  const [names, ...rows] = table as [readonly string[], ...(readonly string[])[]];
  const machine = `${cpus()[0]?.model.trim() ?? "an unknown processor"}, ${availableParallelism()} threads`;
  const lines = [names, names.map((_, at) => (at < 2 ? "---" : "---:")), ...rows];
  return `${title}

\`npm run bench -- ${options}\` on ${machine}, Node ${process.versions.node}. Times only compare within this run.

${lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}
`;
}
