// smoke
import { expect, test } from "vitest";
import { openBrowser, serveApp } from "./support/app";
import { addFiles, answer, createProject, goTo, waitForIdle, waitForImport } from "./support/steps";
import { stored } from "./support/stored";

test("smoke", async () => {
  const app = await serveApp();
  const browser = await openBrowser({ url: app.url });
  const { page } = browser;
  await createProject(page, {
    name: "T",
    kind: "text",
    answerMode: "multiple",
    guidelines: "g",
    classes: ["a", { name: "b", definition: "bee" }, "c"],
  });
  await addFiles(page, [
    {
      name: "a.txt",
      buffer: Buffer.from(Array.from({ length: 60 }, (_, i) => `line ${i} of ${i % 3} words`).join("\n")),
    },
  ]);
  await page.getByRole("button", { name: "Add these texts" }).click();
  await waitForImport(page);
  await waitForIdle(page);
  await goTo(page, "Label");
  await answer(page, "1", "Enter");
  await answer(page, "2", "Enter");
  console.log(await stored(page), browser.requestCount(), browser.foreignRequests(app.url));
  await page.screenshot({ path: ".artifacts/smoke.png" });
  browser.assertQuiet();
  await browser.close();
  await app.close();
  expect(1).toBe(1);
});
