// Opens the database, brings it to the present version, and says in words what can go wrong with it.

import { openDB, type IDBPDatabase, type StoreKey, type StoreNames, type StoreValue } from "idb";
import { checkMigrations, migrations, type Migration } from "./migrations";
import type { AskwellSchema } from "./schema";

export type Database = IDBPDatabase<AskwellSchema>;

export const databaseName = "askwell";

export interface DatabaseEvents {
  /** Another tab with an older page holds the database open, so this one must wait. */
  blocked?(): void;
  /** Another tab wants to upgrade; this connection has been closed to let it. */
  outdated?(): void;
  /** The browser closed the database by itself: storage was cleared, or it crashed. */
  terminated?(): void;
}

/** The database could not be opened. The message says what to do. */
export class StorageUnavailable extends Error {
  override readonly name = "StorageUnavailable";
}

/** The disk or the browser's share of it is full. */
export class StorageFull extends Error {
  override readonly name = "StorageFull";
  constructor() {
    super(
      "The browser's storage is full. Everything stored so far is safe. Free some disk space or delete a project you have exported, then try again.",
    );
  }
}

export async function openDatabase(
  events: DatabaseEvents = {},
  name = databaseName,
  steps: readonly Migration[] = migrations,
): Promise<Database> {
  checkMigrations(steps);
  let failure: unknown = null;
  try {
    const database: Database = await openDB<AskwellSchema>(name, steps.length, {
      async upgrade(opened, oldVersion, _newVersion, upgrade) {
        // The browser would keep a half-done upgrade, because it does not wait for this promise.
        upgrade.done.catch(() => undefined);
        try {
          for (const step of steps.slice(oldVersion)) await step.migrate(opened, upgrade);
        } catch (error) {
          failure = error;
          abortIfOpen(upgrade);
        }
      },
      blocked: () => events.blocked?.(),
      blocking: () => {
        database.close();
        events.outdated?.();
      },
      terminated: () => events.terminated?.(),
    });
    return database;
  } catch (error) {
    throw explainOpening(failure ?? error);
  }
}

/**
 * For workers: opens at the first call and gives the same database from then on. Opens again where opening
 * failed or the connection was closed, so that a worker outlives both.
 */
export function openWhenNeeded(): () => Promise<Database> {
  let opening: Promise<Database> | null = null;
  const forget = () => {
    opening = null;
  };
  return () => {
    if (!opening) {
      opening = openDatabase({ outdated: forget, terminated: forget });
      opening.catch(forget);
    }
    return opening;
  };
}

function explainOpening(error: unknown): Error {
  const name = error instanceof Error ? error.name : "";
  if (name === "VersionError") {
    return new StorageUnavailable(
      "Your projects were saved by a newer Askwell than this page. Reload to get the newer page; nothing was changed.",
      { cause: error },
    );
  }
  if (name === "QuotaExceededError") return new StorageFull();
  const reason = error instanceof Error ? error.message : String(error);
  return new StorageUnavailable(
    `The browser would not open its storage (${reason}). A private window or a full disk can cause this; nothing was changed.`,
    { cause: error },
  );
}

interface WritingTransaction {
  readonly done: Promise<void>;
  readonly error: DOMException | null;
  abort(): void;
}

/** Runs the writes of a transaction, all or nothing, and resolves once it is through. @throws StorageFull */
export async function commit<T>(transaction: WritingTransaction, write: () => Promise<T>): Promise<T> {
  // The rejection is taken up below; without this an abort would also count as unhandled.
  transaction.done.catch(() => undefined);
  try {
    const result = await write();
    await transaction.done;
    return result;
  } catch (error) {
    // A value that cannot be stored throws without ending the transaction, which would keep those before it.
    abortIfOpen(transaction);
    // Writes cut short by a full disk only say that they were aborted; the transaction says why.
    throw explainWriting(transaction.error ?? error);
  }
}

/** Makes several writes at once. One that throws as it is made leaves none of the others unlistened to. */
export async function writeAll(writes: readonly (() => Promise<unknown>)[]): Promise<void> {
  await Promise.all(writes.map(async (write) => write()));
}

/** Writes one record. @throws StorageFull */
export async function putOne<Name extends StoreNames<AskwellSchema>>(
  database: Database,
  store: Name,
  value: StoreValue<AskwellSchema, Name>,
  key?: StoreKey<AskwellSchema, Name>,
): Promise<void> {
  const transaction = database.transaction(store, "readwrite");
  await commit(transaction, () => transaction.store.put(value, key));
}

function abortIfOpen(transaction: { abort(): void }): void {
  try {
    transaction.abort();
  } catch {
    // It has ended by itself.
  }
}

/** Turns a failed write into the sentence for the person. Other errors come back as they are. */
function explainWriting(error: unknown): unknown {
  const quota =
    error instanceof Error && (error.name === "QuotaExceededError" || /quota/i.test(error.message));
  return quota ? new StorageFull() : error;
}

/** Everything of one project in a store whose key starts with the project's id. */
export function projectRange(projectId: string): IDBKeyRange {
  // Arrays sort after every number and string, so [id, []] lies above all keys of the project.
  return IDBKeyRange.bound([projectId], [projectId, []]);
}
