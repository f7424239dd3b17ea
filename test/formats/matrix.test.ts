// Works out, by writing and reading back, what each format keeps and loses, and holds src/formats/README.md to
// it. `UPDATE=1 npx vitest run --project unit test/formats/matrix.test.ts` writes it anew.

import { readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { ItemId } from "../../src/core/ids";
import type { ItemKind } from "../../src/core/project";
import { splitClasses } from "../../src/formats/class-list";
import { exporters } from "../../src/formats/exporter-registry";
import type { Exporter, LabelRecord } from "../../src/formats/export";
import { readers } from "../../src/formats/reader-registry";
import { record, sourceOf } from "./export-source";
import { gather } from "./read-all";
import { everythingIn, readBack, type Back } from "./read-back";

const readme = "src/formats/README.md";
const at = Date.UTC(2023, 3, 5, 6, 7, 8);
const opinion = {
  guess: "cat",
  probability: 0.7654321,
  uncertainty: 0.4321987,
  labelProbability: 0.1234567,
  suspect: true,
};

type Cases = Record<
  "plain" | "several" | "odd" | "heldOut" | "skipped" | "unsure" | "waiting" | "none",
  LabelRecord
>;

function casesOf(kind: ItemKind): Cases {
  let made = 0;
  const one = (part: Partial<LabelRecord>): LabelRecord => {
    const itemId = (++made).toString(16).padStart(64, "0") as ItemId;
    return record({
      itemId,
      kind,
      name: `shot ${made}.jpg`,
      path: kind === "image" ? `shots/shot ${made}.jpg` : "tickets.csv",
      text: kind === "text" ? `text number ${made}, with words enough to be one` : null,
      classes: ["cat"],
      annotator: "Zoë Quill",
      at,
      round: 7771,
      tookMs: 4321,
      guess: "dog",
      confidence: 0.8765,
      width: 40,
      height: 30,
      opinion,
      ...part,
    });
  };
  const unanswered = {
    classes: [],
    slice: null,
    origin: null,
    annotator: null,
    at: null,
    round: null,
    tookMs: null,
  };
  return {
    plain: one({}),
    several: one({ classes: ["cat", "dog"] }),
    odd: one({
      classes: ["two words, a|b"],
      text: kind === "text" ? '=1+1 "quoted", a|b\nsecond line' : null,
    }),
    heldOut: one({ slice: "hold-out" }),
    skipped: one({ ...unanswered, status: "skipped" }),
    unsure: one({ ...unanswered, status: "unsure" }),
    waiting: one({ ...unanswered, status: "unlabelled" }),
    none: one({ classes: [] }),
  };
}

/** "yes": it came back. "written": it is in the file and only another program reads it. "": it is lost. */
type Kept = "yes" | "written" | "";

const traits: Record<string, (cases: Cases, back: Back["items"], written: string) => Kept> = {
  class: ({ plain }, back) => yes(back.get(plain.itemId)?.given === "cat"),
  "several classes": ({ several }, back) => yes(names(back, several).join() === "cat,dog"),
  "odd names and texts": ({ odd }, back) =>
    yes(
      names(back, odd).join("/") === odd.classes.join("/") &&
        (odd.text === null || back.get(odd.itemId)?.text === odd.text),
    ),
  "none of them": ({ none }, back) =>
    yes(
      back.get(none.itemId)?.answers.some(({ type, classes }) => type === "classes" && classes.length === 0),
    ),
  skipped: ({ skipped }, back) => yes(back.get(skipped.itemId)?.answers.some(({ type }) => type === "skip")),
  unsure: ({ unsure }, back) => yes(back.get(unsure.itemId)?.answers.some(({ type }) => type === "unsure")),
  unlabelled: ({ waiting }, back) => yes(back.has(waiting.itemId)),
  annotator: ({ plain }, back, written) =>
    yes(
      back.get(plain.itemId)?.answers.some(({ annotator }) => annotator === "Zoë Quill"),
      written.includes("Zoë Quill"),
    ),
  time: ({ plain }, back, written) =>
    yes(
      back.get(plain.itemId)?.answers.some((answer) => answer.at === at),
      written.includes("2023-04-05T06:07:08"),
    ),
  "hold-out": ({ heldOut }, back) =>
    yes(back.get(heldOut.itemId)?.answers.some(({ slice }) => slice === "hold-out")),
  "model's guess": ({ plain }, back, written) =>
    yes(back.get(plain.itemId)?.prediction === "cat", written.includes("0.7654321")),
  uncertainty: (_cases, _back, written) => (written.includes("0.4321987") ? "written" : ""),
  "suspected error": (_cases, _back, written) =>
    written.includes("0.1234567") && /is_label_issue/.test(written) ? "written" : "",
  round: (_cases, _back, written) => (written.includes("7771") ? "written" : ""),
};

function yes(came: boolean | undefined, written = false): Kept {
  return came ? "yes" : written ? "written" : "";
}

function names(back: Back["items"], { itemId }: LabelRecord): readonly string[] {
  const one = back.get(itemId);
  return one?.answers.findLast(({ type }) => type === "classes")?.classes ?? splitClasses(one?.given ?? "");
}

async function measure(exporter: Exporter, kind: ItemKind): Promise<string> {
  const cases = casesOf(kind);
  const records = Object.values(cases);
  const source = sourceOf(records, {
    answerMode: "multiple",
    readBytes: async (itemId) => new Blob([itemId]),
  });
  const file = await gather(exporter.write(source, null));
  const name = `export${exporter.extension}`;
  const { items, readers: by } = await readBack(file, name, records);
  const written = await everythingIn(file, name);
  const kept = Object.values(traits).map((trait) => trait(cases, items, written));
  const marks = kept.map((one) => (one === "yes" ? "●" : one === "written" ? "○" : ""));
  return `| ${[`\`${exporter.id}\``, kind, by.map((id) => `\`${id}\``).join(", "), ...marks].join(" | ")} |`;
}

async function wholeReadme(): Promise<string> {
  const offered = [...exporters.values()].filter(({ group }) => group !== "model");
  const lines: string[] = [];
  for (const exporter of offered)
    for (const kind of exporter.kinds) lines.push(await measure(exporter, kind));
  const header = ["export", "of", "read back by", ...Object.keys(traits)];
  const read = [...readers.values()].map(
    ({ id, label, extensions, recognise }) =>
      `| \`${id}\` | ${label} | ${extensions.join(" ")} | ${recognise ? "by what it begins like" : "by its ending"} |`,
  );
  const { intro, outro } = texts;
  return [
    intro,
    "## What exports keep",
    `| ${header.join(" | ")} |\n|${header.map(() => " --- |").join("")}\n${lines.join("\n")}`,
    outro,
    "## What is read",
    `| reader | files | endings | known |\n| --- | --- | --- | --- |\n${read.join("\n")}`,
    texts.folders,
  ].join("\n\n");
}

const texts = {
  intro: `# Formats

One file each: a reader in \`readers/\`, an export in \`exporters/\`, found by their registries. This page is written
by \`test/formats/matrix.test.ts\`, which writes eight items in each format and reads them back; the test fails when
the page is stale.`,
  outro: `● is read back as it was. ○ is in the file for other programs and is not read back. An empty cell is lost: the
format has no place for it, or changes it. Odd names and texts are a class called \`two words, a|b\` and a text that
begins like a formula, with quotation marks and two lines. All are of a project where an item may have several
classes; formats that hold one class an item leave the others out and say so.`,
  folders: `Images also bring the class of the folder they lie in, and the split: \`train/cat/1.jpg\`. Tables beside images,
in the same folder or zip, name their labels and go before the folders. Text files in folders of two names or more
(\`spam/1.txt\`, \`ham/1.txt\`) are one text each, with their folder for a class; other text files are lists, one
text a line.

## Broken files

\`FUZZ_RUNS=5000 npx vitest run --project unit test/formats/fuzz test/formats/vectors/fuzz test/formats/bundle/bundle\`
breaks sound files by bytes, cuts, repeats and pieces that mean something to a format: 5,000 for each reader (1,000
workbooks, whose unpacking takes longest) and for each kind of file of vectors, 2,500 archives, 500 bundles, 500 lists
with bad rows, and 500 MB of JSON on one line. Each must end, hand on nothing that breaks a promise, name each row it
leaves out, and say what is wrong in a sentence. \`npm test\` breaks 250 for each; \`FUZZ_SEED\` breaks others.
`,
};

it("says in README.md what each format really keeps", async () => {
  const fresh = await wholeReadme();
  if (process.env["UPDATE"]) writeFileSync(readme, fresh);
  const stored = readFileSync(readme, "utf8");
  // Prettier aligns tables; what counts is what the cells say.
  const plain = (text: string) => text.replace(/-{3,}/g, "---").replace(/ +/g, " ");
  expect(plain(stored)).toBe(plain(fresh));
}, 30_000);
