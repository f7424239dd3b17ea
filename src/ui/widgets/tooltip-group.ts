// Lets a Tooltip know whether a TooltipGroup is above it, so that one also works alone, as in a test.

import { getContext, setContext } from "svelte";

const key = Symbol("tooltip group");

export const tooltipTiming = { delayDuration: 400, skipDelayDuration: 300, disableHoverableContent: true };

export function provideTooltipGroup(): void {
  setContext(key, true);
}

export function isInTooltipGroup(): boolean {
  return getContext(key) === true;
}
