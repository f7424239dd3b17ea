// Things that belong on a part or come with the photograph, and are no fault: holes, rivets, print, dust, seams.
import { drawnLine, touch } from "./defects.mjs";
import { between, pick, smoothstep } from "./noise.mjs";
import { darken, forEachSample, tint } from "./part.mjs";

// 3 x 5 dot digits, rows from the top, three bits each.
const digits = [0o75557, 0o26227, 0o71747, 0o71717, 0o55711, 0o74717, 0o74757, 0o71244, 0o75757, 0o75717];

/** Adds some or none, with the same odds whatever the class, so that they give nothing away. */
export function addDistractors(part, material, random) {
  if (random.next() < 0.2) hole(part, random);
  if (random.next() < 0.06) rivets(part, random);
  if (random.next() < 0.15) print(part, random);
  if (random.next() < 0.06) seam(part, random);
  if (random.next() < 0.1) fibre(part, random);
  if (random.next() < 0.4) dust(part, random);
  if (random.next() < 0.06) toolMarks(part, material, random);
}

const nearEdge = (random) => pick(random, [between(random, 8, 45), between(random, 115, 152)]);

function hole(part, random) {
  const radius = between(random, 5, 9);
  const centreX = nearEdge(random);
  const centreY = nearEdge(random);
  const screw = random.next() < 0.55;
  const slot = between(random, 0, Math.PI);
  const head = between(random, 0.5, 0.75);
  forEachSample(
    (at, x, y) => {
      const r = Math.hypot(x - centreX, y - centreY) / radius;
      if (r > 1.35) return;
      // The countersink, a cone that catches the light on one side.
      part.height[at] -= radius * 0.35 * smoothstep(1.3, 1, r);
      if (r > 1) return;
      if (!screw) {
        darken(part, at, 0.06 + 0.5 * smoothstep(0.8, 1, r));
        part.gloss[at] *= smoothstep(0.85, 1, r);
        return;
      }
      const gap = smoothstep(0.86, 0.92, r) * smoothstep(1, 0.95, r);
      const across = Math.abs((x - centreX) * Math.sin(slot) - (y - centreY) * Math.cos(slot)) / radius;
      const cut = Math.max(gap, smoothstep(0.2, 0.13, across) * smoothstep(0.85, 0.75, r));
      tint(part, at, [head, head, head * 0.98], 0.75);
      part.height[at] += radius * 0.15 * Math.sqrt(Math.max(0, 1 - r * r));
      darken(part, at, 1 - 0.85 * cut);
      part.gloss[at] *= 1 - cut;
    },
    centreX - radius * 1.4,
    centreY - radius * 1.4,
    centreX + radius * 1.4,
    centreY + radius * 1.4,
  );
}

function rivets(part, random) {
  const radius = between(random, 4, 7);
  const pitch = between(random, 32, 55);
  const upright = random.next() < 0.5;
  const line = pick(random, [between(random, 10, 30), between(random, 130, 150)]);
  for (let along = between(random, 5, pitch); along < 160; along += pitch) {
    const centreX = upright ? line : along;
    const centreY = upright ? along : line;
    forEachSample(
      (at, x, y) => {
        const r = Math.hypot(x - centreX, y - centreY) / radius;
        if (r < 1) part.height[at] += radius * 0.55 * Math.sqrt(1 - r * r);
        darken(part, at, 1 - 0.45 * Math.exp(-(((r - 1.06) / 0.13) ** 2)));
      },
      centreX - radius * 1.5,
      centreY - radius * 1.5,
      centreX + radius * 1.5,
      centreY + radius * 1.5,
    );
  }
}

/** A stamped or inked part number, or a stencilled arrow bar beside it. */
function print(part, random) {
  const dot = between(random, 1.3, 2.6);
  const count = 3 + random.integer(5);
  const angle = between(random, -0.12, 0.12) + pick(random, [0, 0, 0, Math.PI / 2]);
  const startX = between(random, 8, 90);
  const startY = pick(random, [between(random, 8, 40), between(random, 120, 145)]);
  const ink = pick(random, [
    [0.05, 0.05, 0.06],
    [0.05, 0.05, 0.06],
    [0.8, 0.8, 0.78],
    [0.1, 0.14, 0.35],
  ]);
  const cover = between(random, 0.35, 0.85);
  const stamped = random.next() < 0.35;
  const cells = [];
  for (let place = 0; place < count; place++) {
    const digit = digits[random.integer(10)];
    for (let cell = 0; cell < 15; cell++) {
      if ((digit >> (14 - cell)) & 1) cells.push([place * 4 + (cell % 3), Math.floor(cell / 3)]);
    }
  }
  for (const [column, row] of cells) {
    const x0 = startX + dot * (column * Math.cos(angle) - row * Math.sin(angle));
    const y0 = startY + dot * (column * Math.sin(angle) + row * Math.cos(angle));
    forEachSample(
      (at, x, y) => {
        const near = smoothstep(dot * 0.72, dot * 0.5, Math.max(Math.abs(x - x0), Math.abs(y - y0)));
        if (stamped) part.height[at] -= 0.5 * near;
        tint(part, at, ink, (stamped ? 0.15 : 1) * cover * near);
      },
      x0 - dot,
      y0 - dot,
      x0 + dot,
      y0 + dot,
    );
  }
}

/** A straight joint from edge to edge: dark line, bright lip. */
function seam(part, random) {
  const angle = between(random, -0.06, 0.06) + pick(random, [0, Math.PI / 2]);
  const offset = pick(random, [between(random, -68, -35), between(random, 35, 68)]);
  const width = between(random, 0.8, 1.8);
  forEachSample((at, x, y) => {
    const across = ((x - 80) * Math.sin(angle) - (y - 80) * Math.cos(angle) - offset) / width;
    if (Math.abs(across) > 4) return;
    part.height[at] -= 1.2 * Math.exp(-across * across * 0.6);
    darken(part, at, 1 - 0.75 * Math.exp(-across * across));
  });
}

/** A hair or thread lying on the part; it curls more than a scratch runs. */
function fibre(part, random) {
  const lengthPx = between(random, 12, 30);
  const points = drawnLine(
    random,
    between(random, 20, 140),
    between(random, 20, 140),
    between(random, 0, 6.3),
    lengthPx,
  );
  const curl = between(random, 0.03, 0.09) * pick(random, [-1, 1]);
  const start = points[0];
  for (const [step, point] of points.entries()) {
    const turn = curl * step * 0.4;
    const [dx, dy] = [point.x - start.x, point.y - start.y];
    point.x = start.x + dx * Math.cos(turn) - dy * Math.sin(turn);
    point.y = start.y + dx * Math.sin(turn) + dy * Math.cos(turn);
    point.pressure = 1;
  }
  const thread = touch(points, 0.5);
  const tone = pick(random, [0.08, 0.75]);
  forEachSample((at) => tint(part, at, [tone, tone, tone], 0.6 * thread[at]));
}

function dust(part, random) {
  const count = 3 + random.integer(16);
  for (let speck = 0; speck < count; speck++) {
    const centreX = between(random, 0, 160);
    const centreY = between(random, 0, 160);
    const radius = between(random, 0.4, 1.1);
    const tone = random.next() < 0.6 ? 0.8 : 0.1;
    forEachSample(
      (at, x, y) => {
        const r = ((x - centreX) ** 2 + (y - centreY) ** 2) / radius ** 2;
        tint(part, at, [tone, tone, tone], 0.6 * Math.exp(-r));
      },
      centreX - 3,
      centreY - 3,
      centreX + 3,
      centreY + 3,
    );
  }
}

/** Even, shallow, parallel: left by the mill, not by an accident. */
function toolMarks(part, material, random) {
  const angle = material.angle + between(random, -0.05, 0.05);
  const pitch = between(random, 5, 11);
  const depth = between(random, 0.05, 0.14);
  forEachSample((at, x, y) => {
    const across = y * Math.cos(angle) - x * Math.sin(angle);
    part.height[at] += depth * Math.sin((across / pitch) * 2 * Math.PI);
  });
}
