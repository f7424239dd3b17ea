// What a simulation prints and draws: a table of the strategies, and their learning curves.

import { percent, type Comparison, type Curve } from "./compare";

const shownLabels = [10, 20, 50, 100, 200, 300];

/** Columns of equal width; one row for each strategy. */
export function toTable({ full, strategies }: Comparison): string {
  const curves = Object.entries(strategies);
  const shown = shownLabels.filter((count) => curves[0]?.[1].labels.includes(count));
  const table = [
    [
      "strategy",
      "mean over rounds",
      "±",
      ...shown.map((count) => `at ${count}`),
      "s a round",
      "labels to random's end",
    ],
    ...curves.map(([name, curve]) => [
      name,
      percent(curve.aulc),
      percent(curve.aulcSe),
      ...shown.map((count) => percent(curve.mean[curve.labels.indexOf(count)]!)),
      curve.secondsPerRound.toFixed(2),
      `${labelsToEndOf(strategies["random"], curve) ?? ""}`,
    ]),
  ];
  const widths = table[0]!.map((_, at) => Math.max(...table.map((cells) => cells[at]!.length)));
  const lines = table.map((cells) =>
    cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join("  "),
  );
  if (full !== null) lines.push(`The head fitted on the whole pool is right on ${percent(full)}%.`);
  return lines.join("\n");
}

/** Labels after which the mean curve has what the other has at its end, a straight line between rounds. */
export function labelsToEndOf(other: Curve | undefined, { labels, mean }: Curve): number | null {
  if (!other) return null;
  const goal = other.mean.at(-1)!;
  const at = mean.findIndex((accuracy) => accuracy >= goal);
  if (at < 0) return null;
  if (at === 0) return labels[0]!;
  const share = (goal - mean[at - 1]!) / (mean[at]! - mean[at - 1]!);
  return Math.round(labels[at - 1]! + share * (labels[at]! - labels[at - 1]!));
}

const frame = { width: 720, height: 440, left: 56, right: 200, top: 24, bottom: 44 };
/** Okabe and Ito's colours, which colour-blind people can tell apart. */
const inks = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"];
const dashes = ["", "6 3", "2 3"];

/** The learning curves with bands of one standard error, as an SVG document. */
export function toSvg({ dataset, encoder, strategies }: Comparison): string {
  const curves = Object.entries(strategies);
  const most = Math.max(...curves.flatMap(([, { labels }]) => labels));
  const ends = curves.flatMap(([, { mean, se }]) =>
    mean.flatMap((one, at) => [one - se[at]!, one + se[at]!]),
  );
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const x = (labels: number) => frame.left + (labels / most) * (frame.width - frame.left - frame.right);
  const y = (share: number) =>
    frame.top + ((high - share) / (high - low || 1)) * (frame.height - frame.top - frame.bottom);
  const point = (labels: number, share: number) => `${x(labels).toFixed(1)},${y(share).toFixed(1)}`;
  const drawn = curves.map(([name, { labels, mean, se }], number) => {
    const ink = inks[number % inks.length]!;
    const dash = dashes[Math.floor(number / inks.length) % dashes.length]!;
    const upper = labels.map((count, at) => point(count, mean[at]! + se[at]!));
    const lower = labels.map((count, at) => point(count, mean[at]! - se[at]!)).reverse();
    const line = labels.map((count, at) => point(count, mean[at]!)).join(" ");
    const legend = frame.top + 18 * number + 12;
    const right = frame.width - frame.right + 12;
    return [
      `<polygon points="${[...upper, ...lower].join(" ")}" fill="${ink}" opacity="0.12"/>`,
      `<polyline points="${line}" fill="none" stroke="${ink}" stroke-width="1.5" stroke-dasharray="${dash}"/>`,
      `<line x1="${right}" x2="${right + 18}" y1="${legend - 4}" y2="${legend - 4}" stroke="${ink}" stroke-width="2" stroke-dasharray="${dash}"/>`,
      `<text x="${right + 24}" y="${legend}">${escape(name)}</text>`,
    ].join("\n");
  });
  const ticks = Array.from({ length: 6 }, (_, at) => low + ((high - low) * at) / 5).map(
    (share) => `<text x="${frame.left - 8}" y="${y(share) + 4}" text-anchor="end">${percent(share)}%</text>`,
  );
  const columns = Array.from({ length: 6 }, (_, at) => Math.round((most * at) / 5)).map(
    (count) =>
      `<text x="${x(count)}" y="${frame.height - frame.bottom + 18}" text-anchor="middle">${count}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${frame.width} ${frame.height}" font-family="sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    `<text x="${frame.left}" y="14">${escape(`${dataset}, ${encoder}: accuracy on unseen items by labels given`)}</text>`,
    ...ticks,
    ...columns,
    ...drawn,
    "</svg>\n",
  ].join("\n");
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);
}
