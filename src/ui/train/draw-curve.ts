// Draws the learning curve with Observable Plot, loaded only when there is one to draw.

import type { BaselinePoint } from "../../core/evaluation/random-baseline";
import type { Remeasured } from "../../core/evaluation/remeasure";
import { labelsFrame, tipColors } from "./plot-frame";

export interface CurvePoint {
  /** The same for the same point, whatever is measured again. */
  readonly id: string;
  readonly labels: number;
  readonly measure: "Accuracy" | "Macro F1" | "Random asking";
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly holdOut: number;
}

export function curvePoints(curve: readonly Remeasured[], baseline: readonly BaselinePoint[]): CurvePoint[] {
  const measured = curve.flatMap(({ number, trainCount, evaluation }): CurvePoint[] => {
    const { accuracy, macroF1, count: holdOut } = evaluation;
    return [
      { ...accuracy, id: `accuracy ${number}`, labels: trainCount, measure: "Accuracy", holdOut },
      { ...macroF1, id: `f1 ${number}`, labels: trainCount, measure: "Macro F1", holdOut },
    ];
  });
  const random = baseline.map(({ labels, accuracy }): CurvePoint => {
    return { ...accuracy, id: `random ${labels}`, labels, measure: "Random asking", holdOut: accuracy.count };
  });
  return [...measured, ...random];
}

export async function drawCurve(points: readonly CurvePoint[], width: number): Promise<Element> {
  const Plot = await import("@observablehq/plot");
  const of = (measure: CurvePoint["measure"]) => points.filter((point) => point.measure === measure);
  const band = (measure: CurvePoint["measure"], fill: string) =>
    Plot.areaY(of(measure), { x: "labels", y1: "low", y2: "high", fill, fillOpacity: 0.14 });
  const line = (measure: CurvePoint["measure"], stroke: string, strokeDasharray: string) =>
    Plot.lineY(of(measure), {
      x: "labels",
      y: "value",
      stroke,
      strokeWidth: 2,
      strokeDasharray,
      marker: "dot",
    });
  return Plot.plot({
    ...labelsFrame(width, "Labels learnt from"),
    y: {
      label: "Share right on the hold-out",
      domain: [0, 1],
      grid: true,
      tickFormat: "%",
      labelArrow: "none",
    },
    ariaLabel: "Learning curve",
    ariaDescription: describe(of("Accuracy")),
    marks: [
      band("Random asking", "var(--text-quiet)"),
      band("Accuracy", "var(--accent)"),
      band("Macro F1", "var(--caution)"),
      line("Random asking", "var(--text-quiet)", "1 4"),
      line("Macro F1", "var(--caution)", "4 4"),
      line("Accuracy", "var(--accent)", "none"),
      Plot.tip(
        points,
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

function tipText({ measure, labels, value, low, high, holdOut }: CurvePoint): string {
  const share = (part: number) => `${Math.round(part * 100)}%`;
  return `${measure} ${share(value)} (${share(low)} to ${share(high)})\n${labels} labels, ${holdOut} in the hold-out`;
}

function describe(points: readonly CurvePoint[]): string {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return "No points yet.";
  return `Accuracy goes from ${Math.round(first.value * 100)}% at ${first.labels} labels to ${Math.round(last.value * 100)}% at ${last.labels}.`;
}
