// What an encoder makes of its learnt state before it can encode: made once for each state, not for each batch.

import type { EncoderState } from "../encoder";

/** @returns `prepare`, whose outcome is kept for as long as its state is. */
export function openedOnce<Learnt>(
  prepare: (state: EncoderState) => Promise<Learnt>,
): (state: EncoderState) => Promise<Learnt> {
  const opened = new WeakMap<EncoderState, Promise<Learnt>>();
  return (state) => {
    let learnt = opened.get(state);
    if (!learnt) opened.set(state, (learnt = prepare(state)));
    return learnt;
  };
}
