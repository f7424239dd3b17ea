// Items added later are compared with those before: the page says whether they are of the same kind, and shows the
// ones that give it away where they are not.

import { afterAll, beforeAll, expect, it } from "vitest";
import { createRandom } from "../../src/core/random";
import { openBrowser, serveApp, type OpenBrowser, type ServedApp } from "./support/app";
import { addFiles, createProject, waitForIdle } from "./support/steps";

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

const lifts =
  "lift stuck floor door button noise cable night caller engineer waits again slow third second".split(" ");
const bills =
  "invoice paid twice refund account bank fee month number wrong sum charged card total credit".split(" ");

/** Eight words each, drawn from a kind's own. */
function madeTexts(words: readonly string[], count: number, seed: number): string[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, at) =>
    [...Array.from({ length: 8 }, () => words[random.integer(words.length)]!), `case${seed}${at}`].join(" "),
  );
}

it("says of each addition whether it is of the same kind", async () => {
  const { page } = browser;
  await createProject(page, { name: "Complaints", kind: "text", classes: ["urgent", "can wait"] });
  const add = async (name: string, texts: readonly string[]) => {
    await addFiles(page, [{ name, mimeType: "text/plain", buffer: Buffer.from(texts.join("\n")) }]);
    await page.getByRole("button", { name: "Add these texts" }).click();
    await page.getByText(`${texts.length} added`).first().waitFor();
    await waitForIdle(page);
  };
  const same = page.getByRole("heading", { name: "The newest items are like those before" });
  const other = page.getByRole("heading", { name: "The newest items are of another kind" });

  await add("monday.txt", madeTexts(lifts, 120, 1));
  expect(await same.or(other).count()).toBe(0);
  await add("tuesday.txt", madeTexts(lifts, 60, 2));
  await same.waitFor();
  await add("wednesday.txt", madeTexts(bills, 60, 3));
  await other.waitFor();
  await page
    .getByText(
      /A classifier that has to tell the 60 items of the last import from the 180 before is right on \d+%/,
    )
    .waitFor();
  await page.getByText("The ones that give it away:").waitFor();
  expect(browser.foreignRequests(app.url)).toEqual([]);
  browser.assertQuiet();
});
