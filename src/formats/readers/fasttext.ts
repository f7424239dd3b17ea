// fastText's training files: a text a line, its classes in front as `__label__name`.

import { openText } from "../encoding";
import { linesOf } from "../lines";
import { noProvenance } from "../provenance";
import { overlong, type GivenAnswer } from "../reader";
import { toolReader, type ToolRecord } from "../tool-reader";

const prefix = "__label__";

export const reader = toolReader({
  id: "fasttext",
  label: "fastText lines",
  extensions: [".txt", ".text", ".train", ".valid", ".ft"],
  recognise: (head) => /^\uFEFF?\s*__label__\S/.test(head),
  async *records(file, stop, notice) {
    const { notices, chunks } = await openText(file, stop);
    notices.forEach(notice);
    for await (const { lines, bytesRead } of linesOf(chunks())) {
      const records = lines.map(({ number, text }) => ({
        place: `line ${number}`,
        record: text === null ? { fault: overlong } : text.trim() === "" ? null : take(text),
      }));
      yield { records, bytesRead };
    }
  },
});

function take(line: string): ToolRecord {
  const classes: string[] = [];
  let rest = line.trimStart();
  while (rest.startsWith(prefix)) {
    const end = /\s/.exec(rest)?.index ?? rest.length;
    classes.push(rest.slice(prefix.length, end));
    rest = rest.slice(end).trimStart();
  }
  const named = classes.filter((name) => name !== "");
  const answers: GivenAnswer[] =
    named.length === 0 ? [] : [{ type: "classes", classes: named, ...noProvenance, origin: "import" }];
  return { item: { fields: { text: rest }, questions: { label: answers } } };
}
