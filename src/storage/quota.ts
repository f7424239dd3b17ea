// How much room the browser gives, and whether it has promised to keep what is stored.

export interface Quota {
  readonly usedBytes: number;
  readonly totalBytes: number;
  /** Whether the browser has promised not to clear the data by itself. */
  readonly persisted: boolean;
}

/** null where the browser does not say. */
export async function readQuota(): Promise<Quota | null> {
  if (!navigator.storage?.estimate) return null;
  const [{ usage, quota }, persisted] = await Promise.all([
    navigator.storage.estimate(),
    navigator.storage.persisted?.() ?? false,
  ]);
  return usage === undefined || quota === undefined
    ? null
    : { usedBytes: usage, totalBytes: quota, persisted };
}

/** Asks the browser to keep the data. Some browsers decide by themselves, some ask the person. */
export async function askToPersist(): Promise<boolean> {
  return (await navigator.storage?.persist?.()) ?? false;
}
