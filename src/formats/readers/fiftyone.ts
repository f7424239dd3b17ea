// FiftyOne's image classification dataset: `labels.json` with the class names and, for each image's name
// without its ending, the number of its class or a list of them.

import { openText } from "../encoding";
import { jsonElements } from "../json-elements";
import { noProvenance } from "../provenance";
import { overlong, UnreadableFile, type GivenAnswer } from "../reader";
import { brokenOff, toolReader, type ToolRecord } from "../tool-reader";

/** Far more than any project has; more is no list of classes. */
const mostClasses = 100_000;

export const reader = toolReader({
  id: "fiftyone",
  label: "FiftyOne labels",
  extensions: [".json"],
  fileField: "file",
  recognise: (head) =>
    /^[\s\uFEFF]*\{\s*"(classes|labels)"\s*:/.test(head) &&
    (/"labels"\s*:\s*\{/.test(head) || /"classes"\s*:\s*(\[\s*"|null)/.test(head)) &&
    !/"images"\s*:\s*\[/.test(head),
  async *records(file, stop, notice) {
    const { notices, chunks } = await openText(file, stop);
    notices.forEach(notice);
    const classes: string[] = [];
    // The names may stand behind the labels, so they are looked for first.
    for await (const { elements } of jsonElements(chunks())) {
      for (const { under, key, text } of elements)
        if (under === "classes" && key === null && text !== null && classes.length < mostClasses)
          classes.push(String(parsed(text) ?? ""));
    }
    let any = false;
    for await (const { elements, bytesRead, broken } of jsonElements(chunks())) {
      const labels = elements.filter(({ under, key }) => under === "labels" && key !== null);
      any ||= labels.length > 0;
      const records = labels.map(({ key, text }) => ({
        place: `label of ${key}`,
        record: text === null ? { fault: overlong } : take(key!, parsed(text), classes),
      }));
      yield { records, bytesRead };
      if (broken) notice(brokenOff);
    }
    if (!any && file.size > 0)
      throw new UnreadableFile("The file holds no labels as FiftyOne writes them. Export it again.");
  },
});

function take(stem: string, target: unknown, classes: readonly string[]): ToolRecord {
  const targets = Array.isArray(target) ? target : target === null ? [] : [target];
  const names = targets.map((one: unknown) => nameOf(one, classes));
  const unknown = targets.find((_, place) => names[place] === null);
  if (unknown !== undefined || names.includes(null))
    return {
      fault: `names the class ${JSON.stringify(unknown ?? null).slice(0, 40)}, which is not among the file's ${classes.length} classes`,
    };
  const answers: GivenAnswer[] =
    target === null
      ? []
      : [{ type: "classes", classes: names as string[], ...noProvenance, origin: "import" }];
  return { item: { fields: { file: stem }, questions: { label: answers } } };
}

function nameOf(target: unknown, classes: readonly string[]): string | null {
  if (typeof target === "number") return Number.isInteger(target) ? (classes[target] ?? null) : null;
  return typeof target === "string" && target !== "" ? target : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Reported by the caller as a class that is none.
    return undefined;
  }
}
