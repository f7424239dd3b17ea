// Lights the part and takes its picture: one lamp, one camera, and what is imperfect about both.
import { between, createNoise } from "./noise.mjs";
import { samplesPerPx, side, sizePx } from "./part.mjs";

/** RGBA bytes, sizePx square. */
export function photograph(part, material, random) {
  return develop(illuminate(part, material, random), random);
}

function illuminate(part, material, random) {
  const around = between(random, 0, 2 * Math.PI);
  const off = between(random, 50, 170);
  const lamp = [80 + off * Math.cos(around), 80 + off * Math.sin(around), between(random, 190, 310)];
  const camera = [80 + between(random, -40, 40), 80 + between(random, -40, 40), 420];
  const ambient = between(random, 0.2, 0.38);
  const reach = (lamp[0] - 80) ** 2 + (lamp[1] - 80) ** 2 + lamp[2] ** 2;
  const [along, across] = [Math.cos(material.angle), Math.sin(material.angle)];
  const light = new Float32Array(side * side * 3);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const at = row * side + column;
      const [slopeX, slopeY] = slopeAt(part.height, row, column);
      const x = (column + 0.5) / samplesPerPx;
      const y = (row + 0.5) / samplesPerPx;
      const [lx, ly, lz] = towards(lamp, x, y);
      const [vx, vy, vz] = towards(camera, x, y);
      const falloff = reach / ((lamp[0] - x) ** 2 + (lamp[1] - y) ** 2 + lamp[2] ** 2);
      const facing = (lz - slopeX * lx - slopeY * ly) / Math.hypot(slopeX, slopeY, 1);
      // A facet mirrors the lamp where its slope equals the half vector's; the lobe is wide where facets scatter.
      const missX = (lx + vx) / (lz + vz) + slopeX;
      const missY = (ly + vy) / (lz + vz) + slopeY;
      const missAlong = (missX * along + missY * across) / material.alongLobe;
      const missAcross = (missY * along - missX * across) / material.acrossLobe;
      const shine = Math.exp(-0.5 * (missAlong * missAlong + missAcross * missAcross));
      const matt = ambient + material.diffuse * falloff * Math.max(0, facing);
      const gleam = material.specular * falloff * shine * part.gloss[at];
      light[at * 3] = part.red[at] * matt + gleam;
      light[at * 3 + 1] = part.green[at] * matt + gleam;
      light[at * 3 + 2] = part.blue[at] * matt + gleam * 0.97;
    }
  }
  return light;
}

function slopeAt(height, row, column) {
  const west = Math.max(0, column - 1);
  const east = Math.min(side - 1, column + 1);
  const north = Math.max(0, row - 1);
  const south = Math.min(side - 1, row + 1);
  return [
    ((height[row * side + east] - height[row * side + west]) / (east - west)) * samplesPerPx,
    ((height[south * side + column] - height[north * side + column]) / (south - north)) * samplesPerPx,
  ];
}

function towards([px, py, pz], x, y) {
  const length = Math.hypot(px - x, py - y, pz);
  return [(px - x) / length, (py - y) / length, pz / length];
}

function develop(light, random) {
  const small = shrink(light);
  const blurPx = Math.max(0.3, between(random, 0.25, 0.75));
  const sharp = blur(small, blurPx);
  const mean = sharp.reduce((sum, value) => sum + value, 0) / sharp.length;
  // A camera meters on the mean, and never quite the same.
  const exposure = between(random, 0.17, 0.33) / mean ** 0.7 / 0.45 ** 0.3;
  const balance = [between(random, 0.94, 1.07), 1, between(random, 0.92, 1.08)];
  const vignette = between(random, 0.05, 0.4);
  const grain = between(random, 0.004, 0.011);
  const softbox = createNoise(random.integer(2 ** 31));
  const glow = random.next() < 0.25 ? between(random, 0.06, 0.16) : 0;
  const pixels = new Uint8Array(sizePx * sizePx * 4);
  for (let y = 0; y < sizePx; y++) {
    for (let x = 0; x < sizePx; x++) {
      const at = y * sizePx + x;
      const corner = ((x - 80) ** 2 + (y - 80) ** 2) / 12800;
      const shade = exposure * (1 - vignette * corner) * (1 + glow * softbox.at(x / 45, y / 200));
      const speck = random.normal() * grain;
      for (let channel = 0; channel < 3; channel++) {
        const linear = sharp[at * 3 + channel] * shade * balance[channel];
        // A film-like shoulder keeps highlights from burning out flat.
        const toned = (1.25 * linear ** 1.15) / (1 + 0.4 * linear * linear);
        const level = toned ** (1 / 2.2) + speck + random.normal() * grain * 0.35;
        pixels[at * 4 + channel] = Math.min(255, Math.max(0, Math.round(level * 255)));
      }
      pixels[at * 4 + 3] = 255;
    }
  }
  return pixels;
}

function shrink(light) {
  const small = new Float32Array(sizePx * sizePx * 3);
  for (let at = 0; at < side * side; at++) {
    const row = Math.floor(at / side / samplesPerPx);
    const column = Math.floor((at % side) / samplesPerPx);
    for (let channel = 0; channel < 3; channel++) {
      small[(row * sizePx + column) * 3 + channel] += light[at * 3 + channel] / samplesPerPx ** 2;
    }
  }
  return small;
}

function blur(image, sigmaPx) {
  const weights = [-2, -1, 0, 1, 2].map((offset) => Math.exp(-0.5 * (offset / sigmaPx) ** 2));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const pass = (from, stepX, stepY) => {
    const to = new Float32Array(from.length);
    for (let y = 0; y < sizePx; y++) {
      for (let x = 0; x < sizePx; x++) {
        for (let tap = 0; tap < 5; tap++) {
          const column = Math.min(sizePx - 1, Math.max(0, x + (tap - 2) * stepX));
          const row = Math.min(sizePx - 1, Math.max(0, y + (tap - 2) * stepY));
          for (let channel = 0; channel < 3; channel++) {
            to[(y * sizePx + x) * 3 + channel] +=
              (from[(row * sizePx + column) * 3 + channel] * weights[tap]) / total;
          }
        }
      }
    }
    return to;
  };
  return pass(pass(image, 1, 0), 0, 1);
}
