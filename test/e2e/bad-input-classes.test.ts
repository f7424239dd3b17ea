// A class is deleted while people label: its labels stop counting, the questions go on, and restoring it brings
// every label back.

import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser, serveApp, type ServedApp } from "./support/app";
import { png } from "./support/pictures";
import { addFiles, answer, createProject, goTo, waitForIdle, waitForQuestion } from "./support/steps";
import { stored } from "./support/stored";

let app: ServedApp;

beforeAll(async () => {
  app = await serveApp();
});
afterAll(() => app.close());

test("a class that has labels is removed in the middle of labelling and restored", async () => {
  const browser = await openBrowser({ url: app.url });
  const { page } = browser;
  await createProject(page, { name: "Parts", classes: ["good", "bent", "stained"] });
  const files = Array.from({ length: 60 }, (_, number) => ({
    name: `${number}.png`,
    buffer: png(number * 991),
  }));
  await addFiles(page, files);
  await page.getByText("60 added", { exact: true }).waitFor();
  await waitForIdle(page);
  const bent = new Set<string>();
  for (const key of ["1", "2", "3", "1", "2", "3", "2", "1"]) {
    const itemId = await waitForQuestion(page);
    await answer(page, key);
    if (key === "2") bent.add(itemId);
  }
  await page.getByText("8 of 60 answered").waitFor();

  await goTo(page, "Settings");
  await page.getByRole("button", { name: "Remove bent" }).click();
  await page.getByText("Removed. Their labels count as none, and come back with the class:").waitFor();
  await goTo(page, "Export");
  await page.getByText("5 of 60 items labelled.").waitFor();

  await waitForQuestion(page);
  await page.getByText("5 of 60 answered").waitFor();
  expect(await page.getByRole("complementary", { name: "Answers" }).innerText()).not.toContain("bent");
  // An item that was bent waits again, so it may be among those answered anew.
  for (const key of ["1", "3"]) {
    bent.delete(await waitForQuestion(page));
    await answer(page, key);
  }
  await page.getByText("7 of 60 answered").waitFor();
  await page.reload();
  await page.getByText("7 of 60 answered").waitFor();
  const { events } = await stored(page);
  expect(events).toBe(10);

  await goTo(page, "Settings");
  await page.getByRole("button", { name: `Restore bent (${bent.size})` }).click();
  await page.getByLabel("Name of class 2").waitFor();
  await goTo(page, "Export");
  await page.getByText(`${7 + bent.size} of 60 items labelled.`).waitFor();
  await answer(page, "2");
  expect(await stored(page)).toMatchObject({ items: 60, events: 11 });
  browser.assertQuiet();
  await browser.close();
});
