// The identity of an item: SHA-256 of its bytes, by the browser's own implementation.

import type { ItemId } from "../../src/core/ids";

export async function hashBytes(bytes: ArrayBuffer): Promise<ItemId> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("") as ItemId;
}
