// Answers by keyboard with the true class, as a person who knows would.

import type { Page } from "playwright";
import type { RealItems } from "./real-data";

export interface Answered {
  readonly itemId: string;
  readonly className: string;
}

/**
 * Answers `count` questions. An answer is counted once the next item is in view, which is the app's
 * acknowledgement. Class keys are those the app gave: the digits in order of `classes`.
 */
export async function answerTruly(
  page: Page,
  items: RealItems,
  classes: readonly string[],
  count: number,
): Promise<Answered[]> {
  const answered: Answered[] = [];
  const item = page.locator("[data-item]").first();
  for (let turn = 0; turn < count; turn++) {
    const itemId = (await item.getAttribute("data-item"))!;
    const className = items.truth.get(itemId);
    if (className === undefined)
      throw new Error(`The app asks about ${itemId}, which was never given to it.`);
    await page.keyboard.press(keyOf(classes, className));
    await page.waitForFunction(
      (before) => document.querySelector("[data-item]")?.getAttribute("data-item") !== before,
      itemId,
      { polling: "raf" },
    );
    answered.push({ itemId, className });
  }
  return answered;
}

export function keyOf(classes: readonly string[], className: string): string {
  return "1234567890"[classes.indexOf(className)]!;
}
