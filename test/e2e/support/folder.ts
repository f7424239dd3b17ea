// Folders on disk for the tests: written with whatever files they ask for, dropped onto the page, removed at
// the end.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Page } from "playwright";
import { onTestFinished } from "vitest";
import { dropZone } from "./steps";

/** A folder of that name with these files by path; gone when the test is over. Returns where it lies. */
export function makeFolder(name: string, files: Iterable<readonly [path: string, bytes: Buffer]>): string {
  const parent = mkdtempSync(join(tmpdir(), "askwell-"));
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
  const folder = join(parent, name);
  mkdirSync(folder);
  for (const [path, bytes] of files) {
    const place = join(folder, path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, bytes);
  }
  return folder;
}

/** Drops files or folders onto the page, as from the desktop. */
export async function dropOnto(page: Page, paths: readonly string[]): Promise<void> {
  const zone = dropZone(page);
  await zone.waitFor();
  const box = (await zone.boundingBox())!;
  const place = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const)
    await session.send("Input.dispatchDragEvent", { type, ...place, data });
  await session.detach();
}
