// Numbered steps from an empty database to the present one. A step is never edited once it has shipped;
// add the next one instead, with a test that starts from a stored snapshot of the version before.

import type { IDBPDatabase, IDBPTransaction, StoreNames } from "idb";
import type { AskwellSchema } from "./schema";

export type Upgrade = IDBPTransaction<AskwellSchema, StoreNames<AskwellSchema>[], "versionchange">;

export interface Migration {
  /** The version it leads to, counted from 1 without gaps. */
  readonly version: number;
  readonly migrate: (database: IDBPDatabase<AskwellSchema>, upgrade: Upgrade) => void | Promise<void>;
}

export const migrations: readonly Migration[] = [
  {
    version: 1,
    migrate(database) {
      database.createObjectStore("projects", { keyPath: "id" });
      database
        .createObjectStore("items", { keyPath: ["projectId", "row"] })
        .createIndex("byHash", ["projectId", "itemId"], { unique: true });
      database.createObjectStore("contents", { keyPath: ["projectId", "itemId"] });
      database.createObjectStore("thumbnails", { keyPath: ["projectId", "itemId"] });
      database.createObjectStore("events", { keyPath: "id" }).createIndex("byProject", ["projectId", "id"]);
      database.createObjectStore("embeddings", { keyPath: ["projectId", "encoderKey", "firstRow"] });
      database.createObjectStore("encoders", { keyPath: ["projectId", "encoderKey"] });
      database.createObjectStore("rounds", { keyPath: ["projectId", "number"] });
      database.createObjectStore("roundDetails", { keyPath: ["projectId", "number"] });
      database.createObjectStore("imports", { keyPath: ["projectId", "id"] });
      database.createObjectStore("settings");
    },
  },
  {
    version: 2,
    migrate(database) {
      database.createObjectStore("itemHashes", { keyPath: ["projectId", "firstRow"] });
    },
  },
];

/** @throws when a step is missing, doubled or out of order. */
export function checkMigrations(steps: readonly Migration[]): void {
  steps.forEach((step, place) => {
    if (step.version !== place + 1) {
      throw new Error(`Migration ${place + 1} is numbered ${step.version}; steps count from 1 without gaps.`);
    }
  });
}
