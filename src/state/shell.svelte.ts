// What outlives a project: the database, the list of projects, this browser's preferences, and which project
// is open.

import { createIdMaker, type ProjectId } from "../core/ids";
import type { Project } from "../core/project";
import { openDatabase, type Database } from "../storage/database";
import {
  defaultPreferences,
  loadPreferences,
  savePreferences,
  type Preferences,
} from "../storage/preference-store";
import { deleteProject, listProjects, loadProject, saveProject } from "../storage/project-store";
import { askToPersist, readQuota, type Quota } from "../storage/quota";
import { openTabChannel, type TabChannel, type TabMessage } from "../storage/tab-channel";
import { sentenceOf } from "./problem";
import { Session } from "./session.svelte";

export type ShellPhase =
  | { readonly at: "opening" }
  | { readonly at: "waiting"; readonly message: string }
  | { readonly at: "ready" }
  | { readonly at: "failed"; readonly message: string };

export class Shell {
  phase = $state.raw<ShellPhase>({ at: "opening" });
  projects = $state.raw<readonly Project[]>([]);
  preferences = $state.raw<Preferences>(defaultPreferences);
  session = $state.raw<Session | null>(null);
  /** The project that was open here when another tab deleted it. */
  deleted = $state.raw<ProjectId | null>(null);
  quota = $state.raw<Quota | null>(null);

  readonly nextId = createIdMaker({
    now: () => Date.now(),
    random: () => crypto.getRandomValues(new Uint32Array(1))[0]! / 4294967296,
    highest: () => this.#highestId,
  });
  #highestId = "";
  #database: Database | null = null;
  #tabs: TabChannel | null = null;
  /** Counts up with every project opened or closed. */
  #opening = 0;
  #handed: { readonly projectId: ProjectId; readonly file: File } | null = null;

  get database(): Database {
    if (!this.#database) throw new Error("Storage is not open yet.");
    return this.#database;
  }

  async open(): Promise<void> {
    if (!isSecureContext) {
      this.#fail(
        "Browsers hash files and keep data safe only on https or localhost. Open Askwell by an address that begins with https://, or on this computer as http://localhost.",
      );
      return;
    }
    try {
      this.#database = await openDatabase({
        blocked: () => this.#wait("Another tab still runs an older Askwell. Close it to go on here."),
        outdated: () => this.#fail("A newer Askwell was opened in another tab. Reload this page to go on."),
        terminated: () =>
          this.#fail("The browser closed its storage. Reload the page; what you saved is safe."),
      });
      this.#tabs = openTabChannel((message) => void this.#hear(message));
      this.preferences = await loadPreferences(this.database);
      await this.refresh();
      this.phase = { at: "ready" };
    } catch (error) {
      this.#fail(sentenceOf(error));
    }
  }

  async refresh(): Promise<void> {
    this.projects = await listProjects(this.database);
    this.quota = await readQuota();
  }

  async prefer(change: Partial<Preferences>): Promise<void> {
    this.preferences = { ...this.preferences, ...change };
    await savePreferences(this.database, this.preferences);
  }

  async addProject(project: Project): Promise<void> {
    await saveProject(this.database, project);
    // Asked when there is something worth keeping; the browser may say no, and the settings show it.
    void askToPersist();
    await this.refresh();
    this.tell({ type: "projects" });
  }

  async removeProject(projectId: ProjectId): Promise<void> {
    if (this.session?.project.id === projectId) this.closeSession();
    await deleteProject(this.database, projectId);
    await this.refresh();
    this.tell({ type: "projects" });
  }

  /** Opens the project, or gives the one that is open already. null where there is no such project. */
  async openSession(projectId: ProjectId): Promise<Session | null> {
    if (this.session?.project.id === projectId) return this.session;
    this.closeSession();
    const turn = this.#opening;
    const session = await Session.open(this, projectId);
    if (turn !== this.#opening) {
      // The person went elsewhere meanwhile; kept open it would lead the project without a screen.
      session?.close();
      return null;
    }
    this.session = session;
    if (this.session && this.#handed?.projectId === projectId) {
      // Not waited for: the import screen shows what it finds.
      void this.session.merging.look(this.#handed.file);
      this.#handed = null;
    }
    return this.session;
  }

  /** Leaves a bundle for the project, which is looked at as soon as the project is open. */
  handBundle(projectId: ProjectId, file: File): void {
    this.#handed = { projectId, file };
  }

  closeSession(): void {
    this.#opening += 1;
    this.session?.close();
    this.session = null;
  }

  /** Ids made from now on sort after this one. */
  noteId(id: string): void {
    if (id > this.#highestId) this.#highestId = id;
  }

  tell(message: TabMessage): void {
    this.#tabs?.post(message);
  }

  async #hear(message: TabMessage): Promise<void> {
    if (message.type === "projects" || message.type === "project") await this.refresh();
    if (message.type === "projects") await this.#endIfDeleted();
    if (message.type === "projects" || this.session?.project.id !== message.projectId) return;
    if (message.type === "merged") await this.session.followMerge();
    else await this.session.follow();
  }

  async #endIfDeleted(): Promise<void> {
    const { session } = this;
    if (!session || (await loadProject(this.database, session.project.id))) return;
    this.deleted = session.project.id;
    if (this.session === session) this.closeSession();
  }

  #wait(message: string): void {
    this.phase = { at: "waiting", message };
  }

  #fail(message: string): void {
    // What other tabs say could not be looked up any more.
    this.#tabs?.close();
    this.#tabs = null;
    this.phase = { at: "failed", message };
  }
}
