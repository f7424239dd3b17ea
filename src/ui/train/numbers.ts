// Shares and intervals in words.

import type { Estimate } from "../../core/round";

/** Hold-out items below which a headline would be about luck. */
export const tooFewHoldOut = 10;

export function percent(value: number): string {
  return `${Math.round(value * 100)}%`;
}

/** "between 87 and 94". */
export function percentRange({ low, high }: Pick<Estimate, "low" | "high">): string {
  return `between ${Math.round(low * 100)} and ${Math.round(high * 100)}`;
}

/** A difference of shares: "1 point", "2.5 points". */
export function points(difference: number): string {
  const shown = Math.round(1000 * difference) / 10;
  return `${String(shown).replace("-", "−")} ${Math.abs(shown) === 1 ? "point" : "points"}`;
}

export function count(value: number, one: string, many = `${one}s`): string {
  return `${value.toLocaleString("en")} ${value === 1 ? one : many}`;
}

export function bytes(sizeBytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = sizeBytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}
