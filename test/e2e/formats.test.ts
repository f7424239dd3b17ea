// Labels begun elsewhere go on here and leave again: from Label Studio to class folders, Label Studio's JSON and an
// ONNX model that ONNX Runtime gives the app's probabilities with; from a table beside images to CSV.

import * as ort from "onnxruntime-web";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Papa from "papaparse";
import type { Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser, serveApp, type OpenBrowser, type ServedApp } from "./support/app";
import { download, readZip } from "./support/exported";
import { answerTruly } from "./support/label";
import { predictWithStored } from "./support/model";
import { png } from "./support/pictures";
import { itemIdOf } from "./support/real-data";
import { addFiles, createProject, goTo, waitForIdle, waitForQuestion } from "./support/steps";

let app: ServedApp;
let browser: OpenBrowser;
let page: Page;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "askwell-beside-"));
  app = await serveApp();
  browser = await openBrowser({ url: app.url });
  page = browser.page;
});
afterAll(async () => {
  await browser.close();
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

const classes = ["sport", "world"];
const texts = Array.from({ length: 40 }, (_, at) =>
  at % 2 === 0 ? `match number ${at} won by the home team` : `minister number ${at} signs the treaty`,
);
const truth = new Map(texts.map((text, at) => [itemIdOf(text), classes[at % 2]!]));
const classOf = (text: string) => truth.get(itemIdOf(text))!;

/** The first twenty are answered by Ada, four of them as ground truth; the twentieth was skipped. */
const tasks = texts.map((text, at) => ({
  id: at + 1,
  data: { text },
  annotations:
    at >= 20
      ? []
      : [
          {
            id: at + 1,
            completed_by: { id: 3, email: "ada@example.org" },
            was_cancelled: at === 19,
            ground_truth: at < 4,
            created_at: "2024-05-01T10:00:00Z",
            result:
              at === 19
                ? []
                : [
                    {
                      from_name: "topic",
                      to_name: "text",
                      type: "choices",
                      value: { choices: [classOf(text)] },
                    },
                  ],
          },
        ],
  predictions: [],
}));

interface Task {
  readonly data: { readonly text: string };
  readonly annotations: readonly {
    readonly completed_by: string;
    readonly was_cancelled: boolean;
    readonly ground_truth: boolean;
    readonly created_at: string;
    readonly result: readonly { readonly value: { readonly choices: readonly string[] } }[];
  }[];
}

async function expectLabelled(count: number, total: number): Promise<void> {
  await goTo(page, "Export");
  await page.getByText(`${count} of ${total} items labelled`).waitFor();
}

/** The exported model over the app's embeddings, in ONNX Runtime, beside what the app says. */
async function expectSameProbabilities(path: string): Promise<void> {
  const { embeddings, probabilities, classNames } = await predictWithStored(page);
  const session = await ort.InferenceSession.create(new Uint8Array(readFileSync(path)), {
    executionProviders: ["wasm"],
  });
  const { probabilities: found } = await session.run({
    embeddings: new ort.Tensor("float32", Float32Array.from(embeddings.flat()), [
      embeddings.length,
      embeddings[0]!.length,
    ]),
  });
  expect(found!.dims).toEqual([texts.length, classNames.length]);
  const apart = Array.from(found!.data as Float32Array, (value, at) => Math.abs(value - probabilities[at]!));
  expect(apart).toHaveLength(probabilities.length);
  expect(Math.max(...apart)).toBeLessThan(1e-4);
  await session.release();
}

test("labels begun in Label Studio go on here, and leave as class folders, JSON and an ONNX model", async () => {
  await createProject(page, { name: "From Label Studio", kind: "text", classes });
  await addFiles(page, [{ name: "project-7.json", buffer: Buffer.from(JSON.stringify(tasks)) }]);
  await page.getByText("project-7.json, read as Label Studio tasks").waitFor();
  await page.getByText("The column “topic” names 2 classes").waitFor();
  await page.getByLabel("Take them as labels").check();
  await page.getByRole("button", { name: "Add these texts" }).click();
  await waitForIdle(page);
  await expectLabelled(19, texts.length);
  await waitForQuestion(page);
  await answerTruly(page, { classes, truth }, classes, 6);
  await waitForIdle(page);
  await expectLabelled(25, texts.length);

  const files = await readZip(await download(page, "Folders by class (zip)"));
  const inFolders = [...files].filter(([path]) => path.endsWith(".txt"));
  expect(inFolders).toHaveLength(25);
  for (const [path, bytes] of inFolders)
    expect(path.split("/")[0]).toBe(classOf(new TextDecoder().decode(bytes)));

  const written = JSON.parse(readFileSync(await download(page, "Label Studio (JSON)"), "utf8")) as Task[];
  expect(written.map(({ data }) => data.text).sort()).toEqual([...texts].sort());
  const answers = written.flatMap(({ data, annotations }) =>
    annotations.map((one) => ({ ...one, text: data.text })),
  );
  expect(answers).toHaveLength(26);
  for (const { text, result, was_cancelled } of answers)
    expect(result.flatMap(({ value }) => value.choices)).toEqual(was_cancelled ? [] : [classOf(text)]);
  const byAda = answers.filter(({ completed_by }) => completed_by === "ada@example.org");
  expect(byAda).toHaveLength(20);
  for (const { created_at } of byAda) expect(created_at).toBe("2024-05-01T10:00:00.000Z");
  const truthful = byAda.filter(({ ground_truth }) => ground_truth).map(({ text }) => text);
  for (const text of texts.slice(0, 4)) expect(truthful).toContain(text);

  await expectSameProbabilities(await download(page, "Trained model (ONNX)"));
  browser.assertQuiet();
  expect(browser.foreignRequests(app.url)).toEqual([]);
});

test("a table beside images names their labels, and the same labels leave as CSV", async () => {
  const names = Array.from({ length: 12 }, (_, at) => `${at}.png`);
  const right = new Map<string, string>();
  mkdirSync(join(folder, "photos"));
  for (const [at, name] of names.entries()) {
    const bytes = png(40 + at * 1000);
    writeFileSync(join(folder, "photos", name), bytes);
    if (at < 9) right.set(itemIdOf(bytes), at % 3 === 0 ? "cat, black" : "dog");
  }
  const rows = names.slice(0, 9).map((name, at) => [name, at % 3 === 0 ? "cat, black" : "dog"]);
  writeFileSync(
    join(folder, "photos/metadata.csv"),
    Papa.unparse([["file_name", "label"], ...rows, ["gone.png", "dog"]]),
  );
  await createProject(page, { name: "Beside", classes: ["cat, black", "dog"] });
  await addFiles(page, folder);
  await page.getByText("10 rows found 9 of 12 images.").waitFor();
  await page.getByText("The labels name 2 classes: dog (6), cat, black (3).").waitFor();
  await page.getByLabel("Take them as labels").check();
  await page.getByRole("button", { name: "Add 12 files" }).click();
  await page.getByText("12 added · 9 labels", { exact: true }).waitFor();
  await page.getByText(/names gone\.png, which is not among the images/).waitFor();
  await waitForIdle(page);
  await expectLabelled(9, 12);

  const path = await download(page, "Table of labels (CSV)");
  const csv = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  const { data } = Papa.parse<Record<string, string>>(csv, { header: true, skipEmptyLines: true });
  const labelled = data
    .filter(({ label }) => label)
    .map((row) => [row["askwell_item"]!, row["label"]!] as const);
  expect(new Map(labelled)).toEqual(right);
  browser.assertQuiet();
});
