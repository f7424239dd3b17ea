// Asking about items that come one after the other: each is judged by itself, when it comes, within a budget.

/** What the judging has seen so far. */
export interface StreamState {
  /** An item is asked about where the model's confidence is below this. */
  readonly threshold: number;
  readonly seen: number;
  readonly asked: number;
}

export const streamStart: StreamState = { threshold: 1, seen: 0, asked: 0 };

/** By which share the threshold moves with each item; the paper's. */
const step = 0.01;

/**
 * Variable uncertainty (Žliobaitė, Bifet, Pfahringer and Holmes, Active Learning With Drifting Streaming Data, 2014):
 * the threshold falls with each question and rises with each item let through, so that the doubtful ones of any
 * stretch are asked about, also where the model has become sure of all.
 * @param confidence of the model in its best guess, 0 to 1.
 * @param budget share of the items that may be asked about, 0 to 1.
 */
export function judge(
  state: StreamState,
  confidence: number,
  budget: number,
): { readonly ask: boolean; readonly state: StreamState } {
  const seen = state.seen + 1;
  const ask = state.asked < budget * seen && confidence < state.threshold;
  if (ask) return { ask, state: { threshold: state.threshold * (1 - step), seen, asked: state.asked + 1 } };
  // With the budget spent the item was not judged, which says nothing of the threshold.
  const isJudged = state.asked < budget * seen;
  return {
    ask,
    state: { ...state, threshold: isJudged ? state.threshold * (1 + step) : state.threshold, seen },
  };
}
