// What lies in the browser's database, read past the app: the proof that nothing was lost.

import type { Page } from "playwright";

export interface Stored {
  readonly items: number;
  readonly contents: number;
  /** Label events of every kind. */
  readonly events: number;
  readonly rounds: number;
  /** Rows that have an embedding of the encoder that is furthest. */
  readonly embedded: number;
  readonly imports: readonly StoredImport[];
}

export interface StoredImport {
  readonly source: string;
  readonly added: number;
  readonly duplicates: number;
  readonly labels: number;
  readonly problemCount: number;
  readonly problems: readonly { readonly place: string; readonly message: string }[];
  readonly finished: boolean;
}

/** Everything stored in this profile, all projects together. */
export function stored(page: Page): Promise<Stored> {
  return page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await done(indexedDB.open("askwell"));
    try {
      const transaction = database.transaction([...database.objectStoreNames]);
      const count = (store: string) => done(transaction.objectStore(store).count());
      const all = (store: string) => done(transaction.objectStore(store).getAll());
      // The last chunk of each encoder says how far it is; the chunks in between are megabytes.
      const embeddedRows = async () => {
        const store = transaction.objectStore("embeddings");
        const last = new Map<string, IDBValidKey>();
        for (const key of (await done(store.getAllKeys())) as string[][])
          last.set(`${key[0]} ${key[1]}`, key);
        const most = new Map<string, number>();
        for (const key of last.values()) {
          const { projectId, firstRow, rows } = await done(store.get(key));
          most.set(projectId, Math.max(most.get(projectId) ?? 0, firstRow + rows));
        }
        return [...most.values()].reduce((sum, rows) => sum + rows, 0);
      };
      const [items, contents, events, rounds, imports, embedded] = await Promise.all([
        count("items"),
        count("contents"),
        count("events"),
        count("rounds"),
        all("imports"),
        embeddedRows(),
      ]);
      return { items, contents, events, rounds, imports, embedded };
    } finally {
      database.close();
    }
  });
}

/** The texts that lie with their items, which short ones do, in no particular order. */
export function storedTexts(page: Page): Promise<string[]> {
  return page.evaluate(
    () =>
      new Promise<string[]>((resolve, reject) => {
        const opening = indexedDB.open("askwell");
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const all = opening.result.transaction("items").objectStore("items").getAll();
          all.onerror = () => reject(all.error);
          all.onsuccess = () => {
            opening.result.close();
            resolve(all.result.flatMap(({ text }: { text?: string }) => text ?? []));
          };
        };
      }),
  );
}
