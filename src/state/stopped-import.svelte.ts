// The import that was cut short, if there is one: by a tab that died, a full disk, a project that was left.

import { canLinkFolders, filesOfFolder, mayRead, pickFolder } from "../engine/linked-folder";
import { saveImport } from "../storage/import-store";
import type { Importing } from "./importing.svelte";
import { sentenceOf } from "./problem";
import type { Session } from "./session.svelte";

export class StoppedImport {
  /** Its account; only the tab that leads can tell it from an import under way. */
  record = $derived.by(() => {
    const newest = this.#importing.records[0];
    if (!this.#session.leads || !newest?.progress || newest.finished || newest.abandoned) return null;
    return newest;
  });
  /** Whether this browser remembers folders. */
  readonly canLink = canLinkFolders();

  readonly #session: Session;
  readonly #importing: Importing;

  constructor(session: Session, importing: Importing) {
    this.#session = session;
    this.#importing = importing;
  }

  /**
   * Imports a folder the browser will remember, so that it can go on by itself. In a click.
   * @param inPlace without copying its files.
   */
  async link(inPlace: boolean): Promise<void> {
    await this.#trying(async () => {
      const folder = await pickFolder();
      if (folder) await this.#importing.look(filesOfFolder(folder, inPlace), folder);
    });
  }

  /** Goes on where the folder is known. In a click. */
  async goOn(): Promise<void> {
    const { folder, inPlace } = this.record ?? {};
    if (!folder) return;
    await this.#trying(async () => {
      if (!(await mayRead(folder)))
        throw new Error(
          `The browser was not allowed to read “${folder.name}”. Allow it, or choose the folder again.`,
        );
      await this.#importing.look(filesOfFolder(folder, inPlace), folder);
    });
  }

  /** Does not go on. What went in stays. */
  async abandon(): Promise<void> {
    if (!this.record) return;
    await saveImport(this.#session.database, { ...this.record, abandoned: true });
    await this.#importing.restore();
  }

  async #trying(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#importing.problem = { title: "The import did not go on", message: sentenceOf(error) };
    }
  }
}
