// Two tabs on one project: one leads and writes, the others follow and read. Web Locks decide, and a lock
// dies with its tab, so leadership never gets stuck.

import type { ProjectId } from "../core/ids";

export interface Leadership {
  /** Whether this tab leads now. */
  readonly leads: boolean;
  /** Takes the lead from the tab that has it; that tab becomes a follower. */
  take(): void;
  close(): void;
}

/**
 * Competes for the lead of a project. `changed` is called with each change, the first time when the answer is
 * known: at once if the lead is free.
 */
export function openLeadership(projectId: ProjectId, changed: (leads: boolean) => void): Leadership {
  const name = `askwell-lead-${projectId}`;
  const closing = new AbortController();
  let leads = false;
  let release: () => void = () => undefined;

  function set(next: boolean): void {
    leads = next;
    if (!closing.signal.aborted) changed(next);
  }

  /** Holds the lock until this tab closes the project. Whether it was free to hold. */
  async function hold(lock: Lock | null): Promise<boolean> {
    // A lock that was on its way while this tab closed the project must not be kept.
    if (!lock || closing.signal.aborted) return false;
    set(true);
    await new Promise<void>((resolve) => (release = resolve));
    return true;
  }

  async function compete(options: LockOptions): Promise<void> {
    try {
      if (await navigator.locks.request(name, options, hold)) return;
    } catch (error) {
      // AbortError: this tab closed the project, or another tab stole the lock.
      if (!(error instanceof Error) || error.name !== "AbortError") throw error;
    }
    if (closing.signal.aborted) return;
    set(false);
    await compete({ signal: closing.signal });
  }

  // Without waiting at first, so that the answer is known at once, also by two tabs that open together.
  void compete({ ifAvailable: true });
  return {
    get leads() {
      return leads;
    },
    take() {
      if (!leads) void compete({ steal: true });
    },
    close() {
      closing.abort();
      release();
    },
  };
}
