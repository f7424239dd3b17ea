// fastText's supervised training lines. It parts words and classes at blanks and texts at line ends, so both
// become something else: the one format here that changes what it carries, and it says so.

import { throwIfStopped } from "../../core/errors";
import type { Exporter } from "../export";

const linesPerPiece = 500;

export const exporter: Exporter = {
  id: "fasttext",
  label: "fastText (labelled lines)",
  summary:
    "One labelled text a line with __label__ and its class in front, for fasttext supervised. Line ends in texts become blanks, blanks in class names “_”.",
  kinds: ["text"],
  group: "training",
  needsHead: false,
  extension: ".txt",
  mime: "text/plain;charset=utf-8",
  async *write(source, stop) {
    const encoder = new TextEncoder();
    const names = fastTextNames(source.classes);
    for (const [name, changed] of names)
      if (`__label__${name}` !== changed)
        source.report({
          place: name,
          message: `The class “${name}” is called ${changed} in the file, because fastText parts names at blanks.`,
        });
    let lines: string[] = [];
    for await (const { text, classes, status } of source.records()) {
      throwIfStopped(stop);
      if (status !== "labelled" || text === null || classes.length === 0) continue;
      const labels = classes.map((name) => names.get(name) ?? `__label__${name.replace(/\s+/g, "_")}`);
      // A text that begins like a class would be read as one.
      const plain = text
        .replace(/[\s\0]+/g, " ")
        .trim()
        .replace(/^(__label__)+/, "");
      lines.push(`${labels.join(" ")} ${plain}\n`);
      if (lines.length < linesPerPiece) continue;
      yield encoder.encode(lines.join(""));
      lines = [];
    }
    yield encoder.encode(lines.join(""));
  },
};

/** Different classes keep different names: "a b" and "a_b" become a_b and a_b-2. */
function fastTextNames(classes: readonly string[]): Map<string, string> {
  const taken = new Set<string>();
  return new Map(
    classes.map((name) => {
      const plain = name.trim().replace(/\s+/g, "_");
      let unique = plain;
      for (let number = 2; taken.has(unique); number++) unique = `${plain}-${number}`;
      taken.add(unique);
      return [name, `__label__${unique}`];
    }),
  );
}
