// The twelve colours a class can have. Names are for people who cannot see them and for tooltips.

export interface ClassColor {
  readonly hex: string;
  readonly name: string;
}

/**
 * Okabe and Ito's six, then six from Paul Tol's sets and a search over candidates. Any two stay at least 0.07
 * apart in OKLab under simulated protanopia, deuteranopia and tritanopia (Machado 2009), and every prefix of
 * the list is about as far apart as that many colours can be: the order matters.
 */
export const classColors: readonly ClassColor[] = [
  { hex: "#0072B2", name: "Blue" },
  { hex: "#E69F00", name: "Orange" },
  { hex: "#009E73", name: "Green" },
  { hex: "#D55E00", name: "Vermilion" },
  { hex: "#56B4E9", name: "Sky" },
  { hex: "#CC79A7", name: "Pink" },
  { hex: "#882255", name: "Wine" },
  { hex: "#8F5B34", name: "Brown" },
  { hex: "#A3B86C", name: "Sage" },
  { hex: "#5D3FD3", name: "Violet" },
  { hex: "#AA3377", name: "Magenta" },
  { hex: "#88CCEE", name: "Ice" },
];

/** The first colour nobody uses yet; when all are taken, the one used least. */
export function nextClassColor(used: readonly string[]): string {
  const uses = new Map(classColors.map(({ hex }) => [hex, 0]));
  for (const color of used) {
    const hex = color.toUpperCase();
    const count = uses.get(hex);
    if (count !== undefined) uses.set(hex, count + 1);
  }
  return [...uses].reduce((least, one) => (one[1] < least[1] ? one : least))[0];
}
