// The page around the classifier: gives it what the person chooses, and shows and saves what it says. Text of
// strangers is only ever put in as text.

import { formulaStart } from "../formats/formula";
import type { Classifier } from "./classifier";

/** One thing to classify: how it is called, and how to read it. */
export interface Given {
  readonly name: string;
  read(): Promise<unknown>;
}

interface Row {
  readonly name: string;
  /** null where it could not be read. */
  readonly probabilities: Float32Array | null;
}

/** Shown as a table; the file that is saved has them all. */
const shownRows = 1000;
/** Answers at once: few enough that the count keeps moving. */
const batch = 16;

export function makePage(classifier: Classifier, inputs: readonly HTMLElement[], what: string) {
  const { project, classes, appVersion } = classifier.data;
  const status = element("p", { role: "status" });
  const table = element("div", {});
  const save = element("button", { type: "button", disabled: true }, "Save as CSV");
  let rows: Row[] = [];
  save.onclick = () => saveFile(`${project}.csv`, csvOf(rows, classes));
  document.title = project;
  document
    .querySelector("#app")!
    .append(
      element("h1", {}, project),
      element(
        "p",
        {},
        `Says of ${what} which of these it is: ${classes.join(", ")}. It works offline; nothing leaves this page.`,
      ),
      ...inputs,
      save,
      status,
      table,
      element("footer", {}, `Made with Askwell ${appVersion}.`),
    );

  let turn = 0;
  return async function classify(given: readonly Given[]): Promise<void> {
    const mine = ++turn;
    rows = [];
    save.disabled = true;
    table.replaceChildren();
    for (let from = 0; from < given.length; from += batch) {
      status.textContent = `${from} of ${given.length} …`;
      rows.push(...(await answer(classifier, given.slice(from, from + batch))));
      // The person has given something else meanwhile.
      if (mine !== turn) return;
    }
    const unread = rows.filter(({ probabilities }) => probabilities === null).length;
    status.textContent = `${rows.length} classified${unread > 0 ? `, but for ${unread} that could not be read` : ""}.`;
    table.replaceChildren(tableOf(rows, classes));
    save.disabled = rows.length === 0;
  };
}

async function answer(classifier: Classifier, given: readonly Given[]): Promise<Row[]> {
  const read = await Promise.all(given.map((one) => one.read().catch(() => null)));
  const known = read.filter((one) => one !== null);
  const found = await classifier.classify(known);
  let next = 0;
  return given.map(({ name }, at) => ({ name, probabilities: read[at] === null ? null : found[next++]! }));
}

function tableOf(rows: readonly Row[], classes: readonly string[]): HTMLElement {
  const head = element(
    "tr",
    {},
    ...["Item", "Answer", ...classes].map((name) => element("th", { scope: "col" }, name)),
  );
  const body = rows
    .slice(0, shownRows)
    .map(({ name, probabilities }) =>
      element(
        "tr",
        {},
        element("td", {}, name),
        element("td", {}, probabilities ? answerOf(probabilities, classes) : "could not be read"),
        ...classes.map((_, at) =>
          element("td", {}, probabilities ? `${Math.round(probabilities[at]! * 100)}%` : ""),
        ),
      ),
    );
  const shown = element("table", {}, element("thead", {}, head), element("tbody", {}, ...body));
  if (rows.length <= shownRows) return shown;
  return element(
    "div",
    {},
    shown,
    element("p", {}, `The first ${shownRows}; all are in the file you can save.`),
  );
}

function answerOf(probabilities: Float32Array, classes: readonly string[]): string {
  return classes[probabilities.indexOf(Math.max(...probabilities))]!;
}

function csvOf(rows: readonly Row[], classes: readonly string[]): string {
  const lines = rows.map(({ name, probabilities }) => [
    name,
    probabilities ? answerOf(probabilities, classes) : "",
    ...classes.map((_, at) => (probabilities ? String(probabilities[at]) : "")),
  ]);
  const cell = (text: string) => `"${(formulaStart.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  return [["item", "answer", ...classes], ...lines].map((line) => `${line.map(cell).join(",")}\r\n`).join("");
}

function saveFile(name: string, text: string): void {
  const link = element("a", {
    download: name,
    href: URL.createObjectURL(new Blob(["\uFEFF", text], { type: "text/csv" })),
  });
  link.click();
  URL.revokeObjectURL(link.href);
}

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | boolean>>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (value !== false) made.setAttribute(name, value === true ? "" : value);
  made.append(...children);
  return made;
}
