// What the scale benchmark does on the screens, as a person would; each waits for what the app shows.

import { join } from "node:path";
import { tmpdir } from "node:os";
import type { Page } from "playwright";
import { createProject, goTo } from "../../e2e/support/steps";

export async function makeProject(page: Page, kind: "images" | "texts"): Promise<void> {
  await createProject(page, {
    name: `Scale ${kind}`,
    kind: kind === "texts" ? "text" : "image",
    classes: ["red", "green", "blue", "yellow"],
  });
}

/** Gives the folder; its parts are named like classes, so the app asks what they are before it reads them. */
export async function importImages(page: Page, folder: string): Promise<void> {
  await page.locator('input[aria-label="Folder"]').setInputFiles(folder);
  await page.getByRole("button", { name: /^Add [\d,]+ files$/ }).click({ timeout: 0 });
}

/** Gives the table and takes what the app guesses of its columns. */
export async function importTexts(page: Page, path: string): Promise<void> {
  await page.locator('input[aria-label="Files"]').setInputFiles(path);
  await page.getByRole("button", { name: "Add these texts" }).click({ timeout: 0 });
}

const pollMs = 500;

/** Until every item has an embedding; the last chunk stored says how far it is. */
export async function waitForEmbeddings(page: Page, items: number): Promise<number> {
  while ((await embeddedRows(page)) < items) await page.waitForTimeout(pollMs);
  await page.getByRole("progressbar").first().waitFor({ state: "detached", timeout: 0 });
  return items;
}

function embeddedRows(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open("askwell");
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const database = opening.result;
          const last = database.transaction("embeddings").objectStore("embeddings").openCursor(null, "prev");
          last.onerror = () => reject(last.error);
          last.onsuccess = () => {
            const chunk = last.result?.value as { firstRow: number; rows: number } | undefined;
            database.close();
            resolve(chunk ? chunk.firstRow + chunk.rows : 0);
          };
        };
      }),
  );
}

/** Opens the project anew, as on the next morning; until a question is there. */
export async function reopen(page: Page, items: number): Promise<number> {
  await goTo(page, "Label");
  await page.reload();
  await page.locator("[data-item]").first().waitFor({ timeout: 0 });
  return items;
}

/** Answers at a steady, fast pace while rounds go on; keys in turn. */
export async function answerItems(page: Page, count: number): Promise<number> {
  const item = page.locator("[data-item]").first();
  await item.waitFor({ timeout: 0 });
  for (let turn = 0; turn < count; turn++) {
    const before = await item.getAttribute("data-item");
    await page.keyboard.press("1234"[turn % 4]!);
    await page.waitForFunction(
      (shown) => document.querySelector("[data-item]")?.getAttribute("data-item") !== shown,
      before,
      { polling: "raf", timeout: 120_000 },
    );
    // A quick person looks at each for at least this long; faster keys would only wait for the disk.
    await page.waitForTimeout(250);
  }
  return count;
}

/** All items as a table, also those without a label. */
export async function exportLabels(page: Page): Promise<string> {
  await goTo(page, "Export");
  const downloading = page.waitForEvent("download", { timeout: 0 });
  await page.getByRole("button", { name: "Export Table of labels (CSV)", exact: true }).click();
  const download = await downloading;
  const path = join(tmpdir(), `askwell-scale-${process.pid}.csv`);
  await download.saveAs(path);
  return path;
}
