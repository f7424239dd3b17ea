// The three faults an inspector looks for. `severity` in (0, 1] says how easily each is seen.
import { between, createNoise, mix, pick, smoothstep } from "./noise.mjs";
import { darken, forEachSample, side, tint } from "./part.mjs";

/** Points every 0.4 px along a bent line from (x, y), with the pressure at each: strong in the middle, skipping. */
export function drawnLine(random, x, y, angle, lengthPx) {
  const noise = createNoise(random.integer(2 ** 31));
  const bend = between(random, -0.9, 0.9) / lengthPx;
  const skips = between(random, 0, 0.8);
  const points = [];
  for (let gone = 0; gone < lengthPx; gone += 0.4) {
    const heading = angle + bend * gone + 0.12 * noise.at(gone / 14, 3);
    x += 0.4 * Math.cos(heading);
    y += 0.4 * Math.sin(heading);
    const taper = smoothstep(0, 0.15, gone / lengthPx) * smoothstep(0, 0.3, 1 - gone / lengthPx);
    const pressure = taper * Math.max(0, 1 - skips * (0.5 + 0.8 * noise.at(gone / 6, 60)));
    points.push({ x, y, pressure });
  }
  return points;
}

/** The strongest touch at each sample, for lines drawn with a round tip. */
export function touch(points, widthPx) {
  const mask = new Float32Array(side * side);
  const reach = widthPx * 2.2;
  for (const point of points) {
    if (point.pressure <= 0) continue;
    forEachSample(
      (at, x, y) => {
        const distance = ((x - point.x) ** 2 + (y - point.y) ** 2) / (widthPx * widthPx);
        mask[at] = Math.max(mask[at], point.pressure * Math.exp(-distance));
      },
      point.x - reach,
      point.y - reach,
      point.x + reach,
      point.y + reach,
    );
  }
  return mask;
}

export function scratch(part, material, random, severity) {
  const style = random.next();
  // Along the grain a scratch hides; most run across it.
  const angle =
    material.angle + (random.next() < 0.12 ? between(random, -0.15, 0.15) : between(random, 0.4, 2.7));
  const count = style < 0.4 ? 1 : style < 0.75 ? 2 + random.integer(2) : 4 + random.integer(5);
  const scuff = style >= 0.75;
  const lengthPx = scuff ? between(random, 40, 90) : between(random, 90, 200) * mix(0.7, 1, severity);
  const startX = between(random, 35, 125) - (Math.cos(angle) * lengthPx) / 2;
  const startY = between(random, 35, 125) - (Math.sin(angle) * lengthPx) / 2;
  const dark = random.next() < (material.kind === "painted" ? 0.25 : 0.4);
  for (let line = 0; line < count; line++) {
    const spread = line === 0 ? 0 : scuff ? between(random, -12, 12) : between(random, -40, 40);
    const turn = line === 0 ? 0 : scuff ? between(random, -0.08, 0.08) : between(random, -0.7, 0.7);
    const x = startX - Math.sin(angle) * spread + between(random, -6, 6);
    const y = startY + Math.cos(angle) * spread + between(random, -6, 6);
    const width = (scuff ? between(random, 1, 1.6) : between(random, 1.2, 2.3)) * mix(0.75, 1.1, severity);
    const points = drawnLine(random, x, y, angle + turn, lengthPx * between(random, 0.6, 1.1));
    engrave(part, material, touch(points, width), touch(points, width * 2), severity, dark);
  }
}

function engrave(part, material, groove, shoulder, severity, dark) {
  const colour = dark ? material.bare.map((value) => value * 0.22) : material.bare;
  forEachSample((at) => {
    if (shoulder[at] < 0.01) return;
    part.height[at] += severity * (0.35 * (shoulder[at] - groove[at]) - 0.8 * groove[at]);
    tint(part, at, colour, Math.min(0.9, mix(0.22, 1, severity) * groove[at]));
  });
}

export function dent(part, material, random, severity) {
  const noise = createNoise(random.integer(2 ** 31));
  const radius = between(random, 22, 44);
  const centreX = between(random, 30, 130);
  const centreY = between(random, 30, 130);
  const angle = between(random, 0, Math.PI);
  const squash = between(random, 0.6, 1);
  const steep = mix(0.15, 0.58, severity) * (material.kind === "painted" ? 1.15 : 1);
  const depth = steep * radius * 0.62;
  const rim = between(random, 0, 0.06);
  const flat = between(random, 1.4, 3);
  const reach = radius * 1.8;
  forEachSample(
    (at, x, y) => {
      const u = ((x - centreX) * Math.cos(angle) + (y - centreY) * Math.sin(angle)) / radius;
      const v = ((y - centreY) * Math.cos(angle) - (x - centreX) * Math.sin(angle)) / (radius * squash);
      const r = Math.hypot(u, v) * (1 + 0.13 * noise.layered(u * 1.2, v * 1.2, 2));
      if (r < 1) part.height[at] -= depth * (1 - r ** flat) ** 2;
      part.height[at] += depth * rim * Math.exp(-(((r - 1.15) / 0.22) ** 2));
      // Less of the room's light reaches the bottom.
      if (r < 1) darken(part, at, 1 - 0.2 * severity * (1 - r * r));
    },
    centreX - reach,
    centreY - reach,
    centreX + reach,
    centreY + reach,
  );
}

const stains = {
  rust: {
    colours: [
      [0.3, 0.13, 0.05],
      [0.42, 0.2, 0.08],
    ],
    cover: 0.88,
    gloss: 0.3,
    edge: 0.25,
    ring: 0,
    mottle: 0.6,
  },
  oil: {
    colours: [
      [0.08, 0.065, 0.045],
      [0.14, 0.12, 0.09],
    ],
    cover: 0.78,
    gloss: 1.3,
    edge: 0.18,
    ring: 0.2,
    mottle: 0.15,
  },
  water: {
    colours: [
      [0.66, 0.64, 0.6],
      [0.3, 0.27, 0.22],
    ],
    cover: 0.45,
    gloss: 0.6,
    edge: 0.08,
    ring: 0.75,
    mottle: 0.3,
  },
  residue: {
    colours: [
      [0.7, 0.69, 0.62],
      [0.55, 0.5, 0.36],
    ],
    cover: 0.68,
    gloss: 0.45,
    edge: 0.4,
    ring: 0.1,
    mottle: 0.7,
  },
};

export function stain(part, material, random, severity) {
  const kind = pick(random, ["rust", "rust", "oil", "oil", "water", "residue"]);
  const look = stains[kind];
  const colour = pick(random, look.colours);
  const noise = createNoise(random.integer(2 ** 31));
  const blobs = 1 + random.integer(3);
  const cover = look.cover * mix(0.3, 1, severity);
  const run = random.next() < 0.3 ? between(random, 1.6, 3) : 1;
  let x = between(random, 35, 125);
  let y = between(random, 35, 125);
  for (let blob = 0; blob < blobs; blob++) {
    const radius = between(random, 28, 54) / (blob + 1) ** 0.7;
    soak(part, noise, look, colour, cover, { x, y, radius, run: run * between(random, 0.8, 1.2) });
    x += between(random, -35, 35);
    y += between(random, -35, 35);
  }
}

function soak(part, noise, look, colour, cover, { x: centreX, y: centreY, radius, run }) {
  const reach = radius * 2.2 * run;
  forEachSample(
    (at, x, y) => {
      const u = (x - centreX) / radius;
      const v = (y - centreY) / (radius * run);
      const warp = noise.layered(x / 22, y / 22, 4);
      const inside = 1 - Math.hypot(u, v) + 0.55 * warp;
      if (inside <= 0) return;
      const body = smoothstep(0, look.edge, inside);
      const ring = Math.exp(-(((inside - 0.06) / 0.06) ** 2));
      const mottled = 1 - look.mottle * (0.5 + 0.5 * noise.layered(x / 5, y / 5 + 30, 3));
      tint(part, at, colour, Math.min(0.92, cover * (body * mottled + look.ring * ring)));
      part.gloss[at] *= mix(1, look.gloss, body * cover);
    },
    centreX - reach,
    centreY - reach,
    centreX + reach,
    centreY + reach,
  );
}
