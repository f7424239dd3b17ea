// Folders whose files were not copied: whether the browser lets the page read them on this visit, and which of their
// files are gone or were changed since they came in.

import { isReadable, mayRead } from "../engine/linked-folder";
import { linkedFilesOf, loadItems } from "../storage/item-store";
import { openLinked, type LinkedState } from "../storage/linked-files";
import { sentenceOf } from "./problem";
import type { Session } from "./session.svelte";

export type FileCheck =
  | { readonly at: "idle" }
  | { readonly at: "running"; readonly done: number; readonly total: number }
  | {
      readonly at: "done";
      readonly there: number;
      /** Paths, of each kind the first `mostListed`. */
      readonly gone: readonly string[];
      readonly changed: readonly string[];
      readonly goneCount: number;
      readonly changedCount: number;
    };

/** Past this a list helps nobody, and the count is kept anyway. */
const mostListed = 500;
const pageRows = 200;

export class LinkedFolders {
  /** Those the browser wants to be asked about before the page may read them again. */
  locked = $state.raw<readonly FileSystemDirectoryHandle[]>([]);
  check = $state.raw<FileCheck>({ at: "idle" });
  problem = $state.raw<string | null>(null);

  readonly #session: Session;
  #stop = new AbortController();

  constructor(session: Session) {
    this.#session = session;
  }

  /** Each once, whatever number of imports it had. */
  names = $derived.by(() => [
    ...new Set(
      this.#session.importing.records.flatMap(({ inPlace, folder }) =>
        inPlace && folder ? folder.name : [],
      ),
    ),
  ]);

  /** Finds out which folders must be allowed anew. */
  async look(): Promise<void> {
    const locked: FileSystemDirectoryHandle[] = [];
    for (const { inPlace, folder } of this.#session.importing.records) {
      if (!inPlace || !folder || (await isReadable(folder))) continue;
      const known = await Promise.all(locked.map((other) => other.isSameEntry(folder)));
      if (!known.includes(true)) locked.push(folder);
    }
    this.locked = locked;
  }

  /** Asks the person, so it must be called in a click. Goes on with what waited for it. */
  async allow(): Promise<void> {
    this.problem = null;
    try {
      for (const folder of this.locked)
        if (!(await mayRead(folder)))
          throw new Error(
            `The browser was not allowed to read “${folder.name}”. Its images cannot be shown until it is.`,
          );
    } catch (error) {
      this.problem = sentenceOf(error);
    }
    await this.look();
    this.#session.pictures.close();
    await this.#session.labelling.showAgain();
    if (this.#session.leads) await this.#session.embedAgain();
  }

  /** Looks at every file that was left where it is, without reading any. */
  async checkFiles(): Promise<void> {
    if (this.check.at === "running") return;
    const { signal } = (this.#stop = new AbortController());
    const { database, project, itemCount: total } = this.#session;
    const found: Record<LinkedState, string[]> = { there: [], changed: [], gone: [], locked: [] };
    this.problem = null;
    try {
      for (let from = 0; from < total && !signal.aborted; from += pageRows) {
        this.check = { at: "running", done: from, total };
        const items = await loadItems(database, project.id, from, Math.min(total, from + pageRows));
        const files = await linkedFilesOf(database, items);
        const states = await Promise.all(files.map(async (file) => file && (await openLinked(file)).state));
        states.forEach((state, at) => state && found[state].push(items[at]!.path));
      }
      if (signal.aborted) this.check = { at: "idle" };
      else {
        const { there, gone, changed } = found;
        this.check = {
          at: "done",
          there: there.length,
          gone: gone.slice(0, mostListed),
          changed: changed.slice(0, mostListed),
          goneCount: gone.length,
          changedCount: changed.length,
        };
        if (found.locked.length > 0) await this.look();
      }
    } catch (error) {
      this.check = { at: "idle" };
      this.problem = sentenceOf(error);
    }
  }

  close(): void {
    this.#stop.abort();
  }
}
