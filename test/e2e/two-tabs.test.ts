// Two tabs on one project: one leads and writes, the other says so and follows, takes over when asked, and is
// handed the lead when the first is closed.

import type { Page } from "playwright";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openBrowser, serveApp, type OpenBrowser, type ServedApp } from "./support/app";
import { png } from "./support/pictures";
import { addFiles, answer, createProject, goTo, waitForIdle, waitForQuestion } from "./support/steps";
import { stored } from "./support/stored";

const banner = "This project is open in another tab";

let app: ServedApp;
let browser: OpenBrowser;
let first: Page;
let second: Page;

beforeAll(async () => {
  app = await serveApp();
});
afterAll(() => app.close());

beforeEach(async () => {
  browser = await openBrowser({ url: app.url });
  first = browser.page;
  await createProject(first, { name: "Parts", classes: ["good", "bent"] });
  const files = Array.from({ length: 50 }, (_, number) => ({
    name: `${number}.png`,
    buffer: png(number * 991),
  }));
  await addFiles(first, files);
  await first.getByText("50 added", { exact: true }).waitFor();
  await waitForIdle(first);
  await answer(first, "1");
  await answer(first, "2");
  second = await browser.newTab(first.url());
  await second.getByText(banner).waitFor();
});
afterEach(async () => {
  browser.assertQuiet();
  expect(browser.foreignRequests(app.url)).toEqual([]);
  await browser.close();
});

const answeredIn = (page: Page, count: number) => page.getByText(`${count} of 50 answered`).waitFor();

test("the second tab says so, cannot write, and follows", async () => {
  await answeredIn(second, 2);
  await second.bringToFront();
  const shown = await waitForQuestion(second);
  for (const key of ["1", "2", "Enter", "ArrowRight", "ArrowDown", "Backspace"])
    await second.keyboard.press(key);
  expect(await second.getByRole("button", { name: "good" }).isDisabled()).toBe(true);
  expect(await second.getByRole("button", { name: "Skip" }).isDisabled()).toBe(true);
  expect(await waitForQuestion(second)).toBe(shown);
  expect((await stored(second)).events).toBe(2);

  await first.bringToFront();
  await answer(first, "1");
  await answer(first, "1");
  await answeredIn(second, 4);
  await first.keyboard.press("Backspace");
  await answeredIn(second, 3);

  // Settings and import are the first tab's too.
  await second.bringToFront();
  await goTo(second, "Items");
  expect(await second.getByRole("button", { name: "Choose files" }).isDisabled()).toBe(true);
  await goTo(second, "Settings");
  await second.getByRole("button", { name: "Remove bent" }).click();
  await second.getByText("Another tab works on this project, so nothing was changed.").waitFor();
  await first.bringToFront();
  await goTo(first, "Settings");
  await first.getByRole("button", { name: "Remove bent" }).click();
  await second.getByRole("button", { name: "Restore bent" }).waitFor();
});

test("the second tab takes over and the first one follows", async () => {
  await second.bringToFront();
  await second.getByRole("button", { name: "Work here instead" }).click();
  await second.getByText(banner).waitFor({ state: "detached" });
  await first.getByText(banner).waitFor();
  for (const key of ["1", "2", "1", "2", "1", "2", "1"]) await answer(second, key);
  await answeredIn(first, 9);
  await first.bringToFront();
  await first.keyboard.press("1");
  expect((await stored(first)).events).toBe(9);

  // And back again, while the second tab's model may be at work.
  await first.getByRole("button", { name: "Work here instead" }).click();
  await second.getByText(banner).waitFor();
  for (const key of ["1", "2", "1", "2", "1", "2", "1"]) await answer(first, key);
  await answeredIn(second, 16);
  await waitForIdle(first);
  for (const page of [first, second])
    expect(await page.getByRole("button", { name: "Try again" }).count()).toBe(0);
});

test("closing the first tab hands over", async () => {
  await answeredIn(second, 2);
  await first.close();
  await second.getByText(banner).waitFor({ state: "detached" });
  await answer(second, "1");
  await answer(second, "2");
  await answeredIn(second, 4);
  await second.reload();
  await answeredIn(second, 4);
  expect(await stored(second)).toMatchObject({ items: 50, events: 4 });
});
