// Writes down how far an import has come while it goes on, so that a tab that dies can say where it stopped.

import type { Database } from "../storage/database";
import { saveImport } from "../storage/import-store";
import type { ImportRecord } from "../storage/schema";

/** Often enough to say roughly where it stopped, seldom enough to cost nothing beside the items. */
const everyMs = 1000;

export class ImportAccount {
  readonly #database: Database;
  readonly #record: () => ImportRecord;
  #writing: Promise<void> = Promise.resolve();
  #writtenAt = performance.now();

  constructor(database: Database, record: () => ImportRecord) {
    this.#database = database;
    this.#record = record;
  }

  /** Call with each batch. */
  note(): void {
    if (performance.now() - this.#writtenAt < everyMs) return;
    this.#writtenAt = performance.now();
    // A full disk ends the import by itself; the account written at the end is the one that counts.
    this.#writing = this.#writing
      .then(() => saveImport(this.#database, this.#record()))
      .catch(() => undefined);
  }

  /** The last word. @throws StorageFull */
  async close(record: ImportRecord): Promise<void> {
    await this.#writing;
    await saveImport(this.#database, record);
  }
}
