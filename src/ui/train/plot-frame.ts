// What the charts over labels have in common, so that they line up and read alike.

/** Options of a chart whose x axis counts labels. @param width pixels. @param label what the x axis counts. */
export function labelsFrame(width: number, label: string) {
  return {
    width,
    height: 280,
    marginLeft: 44,
    marginBottom: 40,
    style: { background: "none", color: "currentColor" },
    x: {
      label,
      nice: true,
      ticks: Math.max(3, Math.floor(width / 120)),
      labelAnchor: "center",
      labelArrow: "none",
    },
  } as const;
}

export const tipColors = { fill: "var(--overlay)", stroke: "var(--line)" } as const;
