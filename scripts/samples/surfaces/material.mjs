// What the part is made of: brushed steel, blasted aluminium or paint, with its grain and how it shines.
import { between, createNoise, pick } from "./noise.mjs";
import { forEachSample } from "./part.mjs";

const paints = [
  [0.5, 0.53, 0.55],
  [0.16, 0.24, 0.36],
  [0.19, 0.3, 0.25],
];

/** Fills the part's layers and returns how it reflects; `alongLobe` lies along the grain, `acrossLobe` across. */
export function layMaterial(part, random) {
  const kind = pick(random, [
    "brushed",
    "brushed",
    "brushed",
    "brushed",
    "brushed",
    "painted",
    "painted",
    "painted",
    "blasted",
  ]);
  const noise = createNoise(random.integer(2 ** 31));
  const angle = kind === "brushed" ? between(random, -0.15, 0.15) : 0;
  const along = [Math.cos(angle), Math.sin(angle)];
  const material = { brushed: brushedSteel, painted, blasted }[kind](part, random, noise, along);
  bow(part, random);
  return { kind, angle, ...material };
}

function brushedSteel(part, random, noise, along) {
  const grey = between(random, 0.38, 0.58);
  const warmth = between(random, -0.03, 0.035);
  const coarse = between(random, 0.8, 1.7);
  const strength = between(random, 0.6, 1);
  forEachSample((at, x, y) => {
    const u = x * along[0] + y * along[1];
    const v = -x * along[1] + y * along[0];
    const hair =
      noise.at(u / 60, v / (0.55 * coarse)) * 0.5 +
      noise.at(u / 28 + 40, v / (0.9 * coarse)) * 0.35 +
      noise.at(u / 120 + 9, v / (3.5 * coarse)) * 0.35;
    const tone = grey * (1 + 0.2 * strength * hair + 0.07 * noise.layered(x / 70, y / 70 + 90, 2));
    part.height[at] += 0.045 * strength * hair;
    part.red[at] = tone * (1 + warmth);
    part.green[at] = tone;
    part.blue[at] = tone * (1 - warmth);
  });
  return {
    diffuse: 0.5,
    specular: between(random, 0.25, 0.6),
    alongLobe: between(random, 0.14, 0.24),
    acrossLobe: between(random, 0.4, 0.7),
    bare: [grey * 1.5, grey * 1.5, grey * 1.48],
  };
}

function painted(part, random, noise) {
  const paint = pick(random, paints);
  const shift = between(random, 0.85, 1.15);
  const peelPx = between(random, 2.2, 4.5);
  const peel = between(random, 0.01, 0.035);
  forEachSample((at, x, y) => {
    part.height[at] += peel * peelPx * 0.5 * noise.layered(x / peelPx, y / peelPx, 2);
    const tone = shift * (1 + 0.03 * noise.layered(x / 60, y / 60, 2) + 0.03 * noise.at(x * 1.9, y * 1.9));
    part.red[at] = paint[0] * tone;
    part.green[at] = paint[1] * tone;
    part.blue[at] = paint[2] * tone;
  });
  const lobe = between(random, 0.13, 0.22);
  const primer = paint[0] + paint[1] + paint[2] > 1.2 ? [0.2, 0.18, 0.17] : [0.62, 0.62, 0.6];
  return {
    diffuse: 0.8,
    specular: between(random, 0.1, 0.32),
    alongLobe: lobe,
    acrossLobe: lobe,
    bare: primer,
  };
}

function blasted(part, random, noise) {
  const grey = between(random, 0.4, 0.6);
  const grainPx = between(random, 0.8, 1.5);
  const strength = between(random, 0.6, 1.2);
  forEachSample((at, x, y) => {
    const grain = noise.layered(x / grainPx, y / grainPx, 2);
    part.height[at] += 0.08 * strength * grain;
    const tone = grey * (1 + 0.15 * strength * grain + 0.08 * noise.layered(x / 40, y / 40 + 50, 3));
    part.red[at] = tone * 0.99;
    part.green[at] = tone;
    part.blue[at] = tone * 1.02;
  });
  return {
    diffuse: 0.65,
    specular: 0.16,
    alongLobe: 0.35,
    acrossLobe: 0.35,
    bare: [grey * 1.45, grey * 1.45, grey * 1.45],
  };
}

/** One part in ten is not flat, which bends the light over it as a large dent would, but over all of it. */
function bow(part, random) {
  if (random.next() > 0.1) return;
  const angle = between(random, 0, Math.PI);
  const bend = between(random, 0.0005, 0.0016) * pick(random, [-1, 1]);
  forEachSample((at, x, y) => {
    const across = (x - 80) * Math.cos(angle) + (y - 80) * Math.sin(angle);
    part.height[at] += bend * across * across;
  });
}
