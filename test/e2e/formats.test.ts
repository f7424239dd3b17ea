// Labels begun in Label Studio go on here and leave again, as class folders and as Label Studio's JSON.

import { readFileSync } from "node:fs";
import type { Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser, serveApp, type OpenBrowser, type ServedApp } from "./support/app";
import { download, readZip } from "./support/exported";
import { answerTruly } from "./support/label";
import { itemIdOf } from "./support/real-data";
import { addFiles, createProject, goTo, waitForIdle, waitForQuestion } from "./support/steps";

let app: ServedApp;
let browser: OpenBrowser;
let page: Page;

beforeAll(async () => {
  app = await serveApp();
  browser = await openBrowser({ url: app.url });
  page = browser.page;
});
afterAll(async () => {
  await browser.close();
  await app.close();
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

async function expectLabelled(count: number): Promise<void> {
  await goTo(page, "Export");
  await page.getByText(`${count} of ${texts.length} items labelled`).waitFor();
}

test("labels begun in Label Studio go on here, and leave as class folders and as Label Studio's JSON", async () => {
  await createProject(page, { name: "From Label Studio", kind: "text", classes });
  await addFiles(page, [{ name: "project-7.json", buffer: Buffer.from(JSON.stringify(tasks)) }]);
  await page.getByText("project-7.json, read as Label Studio tasks").waitFor();
  await page.getByText("The column “topic” names 2 classes").waitFor();
  await page.getByLabel("Take them as labels").check();
  await page.getByRole("button", { name: "Add these texts" }).click();
  await waitForIdle(page);
  await expectLabelled(19);
  await waitForQuestion(page);
  await answerTruly(page, { classes, truth }, classes, 6);
  await waitForIdle(page);
  await expectLabelled(25);

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
  browser.assertQuiet();
  expect(browser.foreignRequests(app.url)).toEqual([]);
});
