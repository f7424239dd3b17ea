// Breaks sound files for the fuzz: by bytes, cuts, repeats and pieces that mean something to a format.

import fc from "fast-check";
import { expect } from "vitest";

/** Files broken for each reader. */
export const runs = Number(process.env["FUZZ_RUNS"] ?? 250);
export const seed = Number(process.env["FUZZ_SEED"] ?? 2025);

/** Pieces that mean something to one format or another. */
const spice =
  '"|""|,|;|\t|\r|\n|\r\n|{|}|[|]|\\|\0|\uFEFF|\u2028|=1|"__proto__":|1e999|null|\\ud800|<image |</image>|&#x0;|]]>|__label__|: |"text":|PAR1'.split(
    "|",
  );

const edit = fc.oneof(
  fc.record({
    kind: fc.constant("byte" as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    byte: fc.integer({ min: 0, max: 255 }),
  }),
  fc.record({
    kind: fc.constant("spice" as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    byte: fc.nat(spice.length - 1),
  }),
  fc.record({
    kind: fc.constant("cut" as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    byte: fc.nat(9),
  }),
  fc.record({
    kind: fc.constant("end" as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    byte: fc.constant(0),
  }),
  fc.record({
    kind: fc.constant("repeat" as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    byte: fc.nat(255),
  }),
);
type Edit = typeof edit extends fc.Arbitrary<infer One> ? One : never;

export const edits = fc.array(edit, { minLength: 1, maxLength: 8 });

export function broken(sound: Uint8Array, edits: readonly Edit[]): Uint8Array<ArrayBuffer> {
  let bytes = [...sound];
  for (const { kind, at: share, byte } of edits) {
    const at = Math.floor(share * bytes.length);
    if (kind === "byte" && at < bytes.length) bytes[at] = byte;
    else if (kind === "spice") bytes.splice(at, 0, ...new TextEncoder().encode(spice[byte]));
    else if (kind === "cut") bytes.splice(at, byte);
    else if (kind === "end") bytes = bytes.slice(0, at);
    else if (kind === "repeat") bytes.splice(at, 0, ...bytes.slice(at, at + byte));
  }
  return Uint8Array.from(bytes);
}

/** That it is an error whose message a person can read. */
export function expectSentence(error: unknown): void {
  expect(error).toBeInstanceOf(Error);
  expect((error as Error).message).toMatch(/^\S.* .*\.$/s);
  expect((error as Error).message).not.toMatch(
    /undefined|null is not|\[object|cannot read prop|is not a function/i,
  );
}
