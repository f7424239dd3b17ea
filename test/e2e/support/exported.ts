// Exports through the page's own buttons, and reads zips with an independent reader.

import { BlobReader, Uint8ArrayWriter, ZipReader, type FileEntry } from "@zip.js/zip.js";
import { readFileSync } from "node:fs";
import type { Page } from "playwright";

/** Presses the export's button and waits for the file. Returns its path. */
export async function download(page: Page, label: string): Promise<string> {
  const arriving = page.waitForEvent("download");
  await page.getByRole("button", { name: `Export ${label}`, exact: true }).click();
  const path = await (await arriving).path();
  await page
    .getByText(/^Saved /)
    .first()
    .waitFor();
  return path;
}

export async function readZip(path: string): Promise<Map<string, Uint8Array>> {
  const reader = new ZipReader(new BlobReader(new Blob([readFileSync(path)])));
  const entries = await reader.getEntries();
  const files = entries.filter((entry): entry is FileEntry => !entry.directory);
  const read = await Promise.all(
    files.map(async (entry) => [entry.filename, await entry.getData(new Uint8ArrayWriter())] as const),
  );
  await reader.close();
  return new Map(read);
}
