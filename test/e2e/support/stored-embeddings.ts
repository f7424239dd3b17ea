// Which embeddings lie in the browser's database, read past the app.

import type { Page } from "playwright";

/** Rows and dims by the key of the encoder that made them, all projects together. */
export function storedEmbeddings(
  page: Page,
): Promise<Readonly<Record<string, { readonly rows: number; readonly dims: number }>>> {
  return page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await done(indexedDB.open("askwell"));
    try {
      const chunks = await done(database.transaction("embeddings").objectStore("embeddings").getAll());
      const found: Record<string, { rows: number; dims: number }> = {};
      for (const { encoderKey, firstRow, rows, dims } of chunks)
        found[encoderKey] = { rows: Math.max(found[encoderKey]?.rows ?? 0, firstRow + rows), dims };
      return found;
    } finally {
      database.close();
    }
  });
}
