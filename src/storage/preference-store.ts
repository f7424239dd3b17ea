// Preferences of this browser profile, each under its own name.

import type { Tier } from "../core/kernels/kernels";
import { putOne, type Database } from "./database";

export interface Preferences {
  readonly theme: "system" | "light" | "dark";
  /** Local name of the person who answers. */
  readonly annotator: string;
  readonly tier: Tier | "auto";
}

export const defaultPreferences: Preferences = { theme: "system", annotator: "me", tier: "auto" };

export async function loadPreferences(database: Database): Promise<Preferences> {
  const stored = await database.get("settings", "preferences");
  return { ...defaultPreferences, ...(stored as Partial<Preferences> | undefined) };
}

export async function savePreferences(database: Database, preferences: Preferences): Promise<void> {
  await putOne(database, "settings", preferences, "preferences");
}
