// Draws replayed strategies side by side with Observable Plot, loaded only when there is something to draw.

import type { ReplayedStrategy } from "../../core/simulation/compare-strategies";
import { labelsFrame, tipColors } from "./plot-frame";

export interface ReplayLine {
  readonly name: string;
  readonly color: string;
  /** An SVG dash pattern, so that lines are told apart without colour too. */
  readonly dashes: string;
  readonly replayed: ReplayedStrategy;
}

interface Point {
  readonly name: string;
  readonly labels: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Half-width of a 95% interval in standard errors. */
const normal95 = 1.96;

export function pointsOf({ name, replayed }: ReplayLine): Point[] {
  return replayed.labels.map((labels, at) => {
    const value = replayed.mean[at]!;
    const half = normal95 * replayed.se[at]!;
    return { name, labels, value, low: Math.max(0, value - half), high: Math.min(1, value + half) };
  });
}

export async function drawReplay(lines: readonly ReplayLine[], width: number): Promise<Element> {
  const Plot = await import("@observablehq/plot");
  const all = lines.flatMap(pointsOf);
  return Plot.plot({
    ...labelsFrame(width, "Answers given"),
    y: { label: "Share right", grid: true, nice: true, tickFormat: "%", labelArrow: "none" },
    ariaLabel: "Strategies replayed on your labels",
    ariaDescription: lines.map((line) => describe(line)).join(" "),
    marks: [
      ...lines.flatMap((line) => [
        Plot.areaY(pointsOf(line), {
          x: "labels",
          y1: "low",
          y2: "high",
          fill: line.color,
          fillOpacity: 0.12,
        }),
        Plot.lineY(pointsOf(line), {
          x: "labels",
          y: "value",
          stroke: line.color,
          strokeWidth: 2,
          strokeDasharray: line.dashes,
        }),
      ]),
      Plot.tip(
        all,
        Plot.pointer({
          x: "labels",
          y: "value",
          title: tipText,
          ...tipColors,
        }),
      ),
    ],
  });
}

function tipText({ name, labels, value }: Point): string {
  return `${name}: ${(100 * value).toFixed(1)}% after ${labels} answers`;
}

function describe({ name, replayed }: ReplayLine): string {
  const [first, last] = [replayed.mean[0] ?? 0, replayed.mean.at(-1) ?? 0];
  return `${name} goes from ${Math.round(first * 100)}% to ${Math.round(last * 100)}%.`;
}
