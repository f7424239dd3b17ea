// The labels that lie in storage, folded from the event log by hand: the latest answer of each item.

import type { Page } from "playwright";

/** Class name by item id, for items answered with exactly one class. Knows nothing of undo. */
export async function storedLabels(page: Page): Promise<Map<string, string>> {
  const pairs = await page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await done(indexedDB.open("askwell"));
    const transaction = database.transaction(["events", "projects"]);
    const events = await done(transaction.objectStore("events").getAll());
    const projects = await done(transaction.objectStore("projects").getAll());
    database.close();
    const names = new Map<string, string>(
      projects.flatMap(({ classes }) =>
        classes.map((one: { id: string; name: string }) => [one.id, one.name]),
      ),
    );
    return events.flatMap((event) =>
      event.type === "answer" && event.answer.type === "classes"
        ? [[event.itemId as string, names.get(event.answer.classIds[0])!] as const]
        : [],
    );
  });
  return new Map(pairs);
}
