// Near duplicates are found, shown on both sides of the threshold, and taken out of the questions or labelled
// together; one undo takes each back.

import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser, serveApp, type OpenBrowser, type ServedApp } from "./support/app";
import { addFiles, answer, createProject, goTo, waitForIdle, waitForQuestion } from "./support/steps";
import { stored } from "./support/stored";

const subjects = ["parcel", "invoice", "password", "refund", "delivery", "account", "keyboard", "garden"];
const complaints = [
  "arrived broken and nobody answers the telephone",
  "was charged twice although I cancelled it in March",
  "does not work since the update of last Tuesday",
];
const texts = subjects.flatMap((subject) => complaints.map((complaint) => `My ${subject} ${complaint}`));
/** The same words in another case: not the same bytes, and the same to any encoder. */
const copies = texts.slice(0, 6).map((text) => text.toUpperCase());

let app: ServedApp;
let browser: OpenBrowser;

beforeAll(async () => {
  app = await serveApp();
  browser = await openBrowser({ url: app.url });
});
afterAll(async () => {
  await browser.close();
  await app.close();
});

test("near copies are found, held back, put back, and labelled as a group", async () => {
  const { page } = browser;
  await createProject(page, { name: "Complaints", kind: "text", classes: ["angry", "calm"] });
  const table = ["text", ...texts, ...copies].join("\n");
  await addFiles(page, [{ name: "complaints.csv", buffer: Buffer.from(table) }]);
  await page.getByRole("button", { name: "Add these texts" }).click();
  await page.getByText("30 added", { exact: true }).waitFor();
  await waitForIdle(page);

  await page.getByRole("link", { name: "Duplicates" }).click();
  await page.getByRole("button", { name: "Find near duplicates" }).click();
  await page.getByText("6 pairs in 6 groups: 6 items could be left out.").waitFor();
  const counted = page.getByRole("region", { name: "Just counted as the same" });
  await counted
    .getByText(/^MY (PARCEL|INVOICE) /)
    .first()
    .waitFor();

  await page.getByRole("button", { name: "Ask about one of each" }).click();
  await page.getByText("6 items will not be asked about. One undo takes it back.").waitFor();
  await goTo(page, "Label");
  await page.getByText("6 of 30 answered").waitFor();
  await waitForQuestion(page);
  await page.keyboard.press("ControlOrMeta+z");
  await page.getByText("0 of 30 answered").waitFor();
  await answer(page, "1");

  await goTo(page, "Items");
  await page.getByRole("link", { name: "Duplicates" }).click();
  const groups = page.getByRole("list", { name: "Groups of duplicates" });
  const { events } = await stored(page);
  await groups.getByRole("listitem").first().getByRole("button", { name: "calm", exact: true }).click();
  await page.getByText("2 items labelled “calm”. One undo takes it back.").waitFor();
  expect((await stored(page)).events).toBe(events + 2);
  browser.assertQuiet();
});
