// Several classes an item: ticking by key and going on with Enter, none, undo, what the train screen shows and
// what the export holds.

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser, serveApp, type ServedApp } from "./support/app";
import { download } from "./support/exported";
import { addFiles, answer, createProject, goTo, waitForIdle, waitForQuestion } from "./support/steps";
import { stored } from "./support/stored";

const words = ["red", "round", "small"];

let app: ServedApp;

beforeAll(async () => {
  app = await serveApp();
});
afterAll(() => app.close());

test("several classes an item", async () => {
  const browser = await openBrowser({ url: app.url });
  const { page } = browser;
  await createProject(page, {
    name: "Balls",
    kind: "text",
    answerMode: "multiple",
    classes: words,
  });
  // Every combination of the words, among them none at all.
  const lines = Array.from({ length: 160 }, (_, number) => {
    const said = words.filter((_, at) => (number >> at) & 1);
    return `item ${number} is ${said.length > 0 ? said.join(" and ") : "plain"} to look at`;
  });
  await addFiles(page, [{ name: "balls.txt", buffer: Buffer.from(lines.join("\n")) }]);
  await page.getByRole("button", { name: "Add these texts" }).click();
  await page.getByText("160 added", { exact: true }).waitFor();
  await waitForIdle(page);

  const first = await waitForQuestion(page);
  const pressed = async () =>
    page.getByRole("complementary", { name: "Answers" }).locator('[aria-pressed="true"]').allInnerTexts();
  await page.keyboard.press("1");
  await page.keyboard.press("3");
  await expect.poll(async () => (await pressed()).length).toBe(2);
  await page.getByRole("button", { name: /^Done/ }).waitFor();
  await page.keyboard.press("3");
  await expect.poll(async () => (await pressed()).length).toBe(1);
  await page.keyboard.press("3");
  await answer(page, "Enter");
  expect(await stored(page)).toMatchObject({ events: 1 });
  // The next item starts with nothing ticked.
  expect(await pressed()).toEqual([]);
  await page.getByRole("button", { name: /^None of these/ }).waitFor();

  await page.keyboard.press("Backspace");
  await page.getByText("Took back “red, small” on line").waitFor();
  await page.waitForFunction((id) => document.querySelector(`[data-item="${id}"]`), first);
  await page.keyboard.press("Control+Shift+z");
  await page.getByText("Put back “red, small” on line").waitFor();
  await page.waitForFunction((id) => !document.querySelector(`[data-item="${id}"]`), first);

  for (let turn = 0; turn < 60; turn++) {
    const text = await page.locator("[data-item]").innerText();
    await answer(
      page,
      ...words.flatMap((word, at) => (text.includes(word) ? [String(at + 1)] : [])),
      "Enter",
    );
  }
  await waitForIdle(page);
  await page.getByText("61 of 160 answered").waitFor();

  await goTo(page, "Train");
  await page.getByText("All classes of the item right").first().waitFor();
  await page.getByText("By class", { exact: true }).waitFor();
  expect(await page.getByText("What is taken for what").count()).toBe(0);

  await goTo(page, "Export");
  const exported = readFileSync(await download(page, "Labels as JSON Lines"), "utf8")
    .trim()
    .split("\n")
    .map(
      (line) => JSON.parse(line) as { text: string; labels: string[]; label: string | null; status: string },
    );
  const labelled = exported.filter(({ status }) => status === "labelled");
  expect(labelled).toHaveLength(61);
  const truly = (text: string) => words.filter((word) => text.includes(word));
  const wrong = labelled.filter(({ text, labels }) => labels.join() !== truly(text).join());
  // Only the first, answered without looking, may differ.
  expect(wrong.length).toBeLessThanOrEqual(1);
  expect(labelled.some(({ labels }) => labels.length === 0)).toBe(true);
  expect(labelled.some(({ labels, label }) => labels.length > 1 && label === null)).toBe(true);

  browser.assertQuiet();
  expect(browser.foreignRequests(app.url)).toEqual([]);
  await browser.close();
});
