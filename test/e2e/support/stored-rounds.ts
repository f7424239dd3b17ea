// What the newest stored round was fitted on and measured with, read past the app.

import type { Page } from "playwright";

/** Labels the newest round knew of, all slices together; 0 before the first round. */
export function lastRoundLabels(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await done(indexedDB.open("askwell"));
    const rounds = await done(database.transaction("rounds").objectStore("rounds").getAll());
    database.close();
    const newest = rounds.at(-1);
    return newest ? newest.trainCount + newest.holdOutCount : 0;
  });
}
