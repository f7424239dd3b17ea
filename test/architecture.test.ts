// Holds the house rules over the whole tree. That the checks themselves can fail is tested in
// architecture/rules.test.ts.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { wrongImports } from "./architecture/layers";
import {
  dangerous,
  defaultExport,
  foreignOrigins,
  impure,
  noOpeningComment,
  tooLong,
  tooManyProps,
} from "./architecture/rules";
import { sourcesIn } from "./architecture/source";

const program = ["src", "workers"].flatMap((folder) => sourcesIn(folder, [".ts", ".svelte"]));
const everything = ["src", "workers", "scripts", "test"].flatMap((folder) =>
  sourcesIn(folder, [".ts", ".svelte", ".css", ".mjs"]),
);
const inCore = program.filter(({ path }) => path.startsWith("src/core/"));
const components = program.filter(({ path }) => path.endsWith(".svelte"));

test("the tree was found", () => {
  expect(program.length).toBeGreaterThan(100);
  expect(inCore.length).toBeGreaterThan(20);
  expect(components.length).toBeGreaterThan(40);
});

test("imports go from the screens to the core and never back", () => {
  expect(program.flatMap(wrongImports)).toEqual([]);
});

test("no file is longer than 300 lines", () => {
  expect(everything.flatMap(tooLong)).toEqual([]);
});

test("every file begins with what it is for", () => {
  expect(everything.flatMap(noOpeningComment)).toEqual([]);
});

test("core takes neither time nor chance nor the browser, and no package", () => {
  expect(inCore.flatMap(impure)).toEqual([]);
});

test("nothing is exported by default", () => {
  const scripts = everything.filter(({ path }) => path.endsWith(".ts"));
  expect(scripts.flatMap(defaultExport)).toEqual([]);
});

test("nothing runs or shows a stranger's text as code, or blocks on the GPU", () => {
  expect(program.flatMap(dangerous)).toEqual([]);
});

test.each([
  ["src/core/strategies", "test/core/strategies"],
  ["src/core/heads", "test/core/heads"],
  ["src/core/stopping", "test/core/stopping"],
  ["src/formats/readers", "test/formats/readers"],
  ["src/formats/exporters", "test/formats/exporters"],
])("every file of %s has its test in %s", (folder, tests) => {
  // A kind that has not been built yet has nothing to test.
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".ts")) : [];
  const wanted = files.map((name) => `${tests}/${name.replace(/\.ts$/, ".test.ts")}`);
  expect(wanted.filter((path) => !existsSync(path))).toEqual([]);
});

test("no component has more than seven props", () => {
  expect(components.flatMap(tooManyProps)).toEqual([]);
});

test("the page's content policy names no other origin", () => {
  expect(foreignOrigins(readFileSync("index.html", "utf8"))).toEqual([]);
});
