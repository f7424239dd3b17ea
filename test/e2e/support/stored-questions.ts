// What the newest stored round wants to ask next, worked out past the app.

import type { Page } from "playwright";

/** Item id of the first question of the newest round that nobody has answered. Knows nothing of undo. */
export function firstOpenQuestion(page: Page): Promise<string | undefined> {
  return page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await done(indexedDB.open("askwell"));
    const transaction = database.transaction(["roundDetails", "items", "events"]);
    const all = (store: string) => done(transaction.objectStore(store).getAll());
    const [rounds, items, events] = await Promise.all(["roundDetails", "items", "events"].map(all));
    database.close();
    const answered = new Set(events!.map(({ itemId }) => itemId));
    const asked: string[] = rounds!.at(-1).questions.map(({ row }: { row: number }) => items![row].itemId);
    return asked.find((itemId) => !answered.has(itemId));
  });
}
