// Asks every kernel of a tier a few small questions and compares with the reference, before it is trusted.

import { findDisagreements } from "../../src/core/kernels/kernel-agreement";
import type { Kernels } from "../../src/core/kernels/kernels";

/** The first kernel that disagrees, and in what; null when all agree. */
export async function findDisagreement(kernels: Kernels): Promise<string | null> {
  return (await findDisagreements(kernels))[0] ?? null;
}
