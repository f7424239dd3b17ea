// The identity of an item: SHA-256 of its bytes, by the browser's own implementation.

import type { ItemId } from "../../src/core/ids";

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export async function hashBytes(bytes: ArrayBuffer): Promise<ItemId> {
  let hex = "";
  for (const byte of new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))) hex += hexOfByte[byte]!;
  return hex as ItemId;
}
