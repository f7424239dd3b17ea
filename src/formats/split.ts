// Who of the items trained on is set aside for validation: for programs that want a third split besides the
// hold-out, which is their test split.

import { hashText } from "../core/random";

/** A tenth of the items, by their own hash: the same ones in every export, whatever else is in the project. */
export function isValidation(itemId: string): boolean {
  return hashText(itemId, 0x5b117) % 10 === 0;
}
