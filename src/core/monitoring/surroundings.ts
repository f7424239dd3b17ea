// What lies around the labels: items far from all of them, and whether what came last is of another kind.

import type { Drift } from "./drift";
import type { FarItems } from "./far-items";

export interface Surroundings {
  readonly far: FarItems;
  /** Of the items of the last import against those before; null where there was one import, or few items. */
  readonly drift: (Drift & { readonly earlier: number; readonly later: number }) | null;
}

export interface LookedAround {
  /** Rows without an answer. */
  readonly candidates: Uint32Array;
  /** Rows with one. */
  readonly labelled: Uint32Array;
  /** The first row of the last import; 0 where there was only one. */
  readonly laterFrom: number;
  readonly seed: number;
}
