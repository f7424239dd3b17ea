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
  {
    // Heads leave models of several kinds: the layer and the activation of a round become one of them.
    version: 3,
    async migrate(_, upgrade) {
      const rounds = upgrade.objectStore("rounds") as unknown as StoreOf<SummaryOf1>;
      const details = upgrade.objectStore("roundDetails") as unknown as StoreOf<DetailOf1>;
      for (const { activation, ...summary } of await rounds.getAll()) {
        const detail = await details.get([summary.projectId, summary.number]);
        await rounds.put({ fallback: null, ...summary });
        if (!detail) continue;
        const { layer, ...rest } = detail;
        await details.put({ ...rest, model: layer && { kind: "linear", layer, activation } });
      }
      const projects = upgrade.objectStore("projects") as unknown as StoreOf<ProjectOf1>;
      for (const project of await projects.getAll())
        await projects.put({ ...project, settings: { ...project.settings, headParameters: {} } });
    },
  },
  {
    // Pretrained encoders, and which encoder a project uses: null for the one of its kind that comes with the app.
    version: 4,
    async migrate(database, upgrade) {
      database.createObjectStore("models", { keyPath: "id" });
      database.createObjectStore("modelPieces", { keyPath: ["modelId", "path", "piece"] });
      const projects = upgrade.objectStore("projects") as unknown as StoreOf<ProjectOf1>;
      for (const project of await projects.getAll())
        await projects.put({ ...project, settings: { ...project.settings, encoderId: null } });
    },
  },
  {
    // How often the model is fitted is the machine's to choose; 5 was not chosen by anybody but the app.
    version: 5,
    async migrate(_, upgrade) {
      const projects = upgrade.objectStore("projects") as unknown as StoreOf<ProjectOf4>;
      for (const project of await projects.getAll())
        if (project.settings.refitEvery === 5)
          await projects.put({ ...project, settings: { ...project.settings, refitEvery: null } });
    },
  },
  {
    version: 6,
    migrate(database) {
      database.createObjectStore("graphs", { keyPath: ["projectId", "encoderKey"] });
    },
  },
];

/** A store as another version knew it. */
interface StoreOf<Stored> {
  getAll(): Promise<Stored[]>;
  get(key: [projectId: string, number: number]): Promise<Stored | undefined>;
  put(value: object): Promise<unknown>;
}

/** What the third step reads of the records before it; the rest of each goes through unread. */
interface SummaryOf1 {
  readonly projectId: string;
  readonly number: number;
  readonly activation: string;
}
interface DetailOf1 {
  readonly layer: object | null;
}
interface ProjectOf1 {
  readonly settings: object;
}
interface ProjectOf4 {
  readonly settings: { readonly refitEvery: number };
}

/** @throws when a step is missing, doubled or out of order. */
export function checkMigrations(steps: readonly Migration[]): void {
  steps.forEach((step, place) => {
    if (step.version !== place + 1) {
      throw new Error(`Migration ${place + 1} is numbered ${step.version}; steps count from 1 without gaps.`);
    }
  });
}
