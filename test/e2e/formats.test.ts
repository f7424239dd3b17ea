// Labels begun in other tools go on here and leave again: texts from Label Studio, images with CVAT's and
// FiftyOne's tables beside them, class folders and Label Studio's JSON out, and back in.

import { readFileSync } from "node:fs";
import type { Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser, serveApp, type OpenBrowser, type ServedApp } from "./support/app";
import { download, readZip } from "./support/exported";
import { makeFolder } from "./support/folder";
import { answerTruly } from "./support/label";
import { png } from "./support/pictures";
import { itemIdOf } from "./support/real-data";
import { addFiles, createProject, goTo, waitForIdle, waitForImport, waitForQuestion } from "./support/steps";

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

let folders: string;
let labelStudio: string;

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

  folders = await download(page, "Folders by class (zip)");
  const files = await readZip(folders);
  const inFolders = [...files].filter(([path]) => path.endsWith(".txt"));
  expect(inFolders).toHaveLength(25);
  for (const [path, bytes] of inFolders)
    expect(path.split("/")[0]).toBe(classOf(new TextDecoder().decode(bytes)));

  labelStudio = await download(page, "Label Studio (JSON)");
  const written = JSON.parse(readFileSync(labelStudio, "utf8")) as Task[];
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
});

test.each([
  [
    "class folders",
    () => ({ name: "folders.zip", buffer: readFileSync(folders) }),
    "labels.csv, read as CSV table",
  ],
  [
    "Label Studio's JSON",
    () => ({ name: "tasks.json", buffer: readFileSync(labelStudio) }),
    "tasks.json, read as Label Studio tasks",
  ],
])("what left as %s comes back with every label", async (name, file, title) => {
  await createProject(page, { name: `Back from ${name}`, kind: "text", classes });
  await addFiles(page, [file()]);
  await page.getByText(title).waitFor();
  await page.getByText(/names 2 classes/).waitFor();
  await page.getByLabel("Take them as labels").check();
  await page.getByRole("button", { name: "Add these texts" }).click();
  await waitForIdle(page);
  await expectLabelled(25);
});

test("tables beside images and in zips name their labels, and a table alone labels items that are here", async () => {
  const image = (at: number) => png(at * 5003 + 11);
  const xml = `<annotations>${[0, 1, 2]
    .map(
      (at) =>
        `<image id="${at}" name="${at}.png"><tag label="${at === 1 ? "bolt" : "nut"}" source="manual"/></image>`,
    )
    .join("")}<image id="9" name="gone.png"><tag label="nut"/></image></annotations>`;
  const folder = makeFolder("shots", [
    ...[0, 1, 2, 3].map((at) => [`images/${at}.png`, image(at)] as const),
    ["annotations.xml", Buffer.from(xml)] as const,
  ]);
  await createProject(page, { name: "Parts", classes: ["nut", "bolt"] });
  await addFiles(page, folder);
  await page.getByText("shots/annotations.xml, read as CVAT annotations, names images in “name”.").waitFor();
  await page.getByText("4 rows found 3 of 4 images.").waitFor();
  await page.getByText(/The labels name 2 classes: nut \(2\), bolt \(1\)/).waitFor();
  await page.getByLabel("Take them as labels").check();
  await page.getByRole("button", { name: "Add 4 files" }).click();
  await waitForImport(page);
  await page.getByText("image 4 names gone.png, which is not among the images").waitFor();
  await waitForIdle(page);
  await goTo(page, "Export");
  await page.getByText("3 of 4 items labelled").waitFor();

  const labels = JSON.stringify({ classes: ["nut", "bolt"], labels: { 0: 1, 3: 1 } });
  await addFiles(page, [{ name: "labels.json", buffer: Buffer.from(labels) }]);
  await page.getByText("labels.json, read as FiftyOne labels, names images in “file”.").waitFor();
  await page.getByRole("button", { name: "Add 2 labels" }).click();
  await waitForImport(page);
  await page.getByText("1 of the items had an answer already, which stays.").waitFor();
  await goTo(page, "Export");
  await page.getByText("4 of 4 items labelled").waitFor();
  browser.assertQuiet();
  expect(browser.foreignRequests(app.url)).toEqual([]);
});
