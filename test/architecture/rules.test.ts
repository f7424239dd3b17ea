// The checks behind the architecture test, on small made-up sources that break each rule: a check that
// cannot fail would hold nothing.

import { expect, test } from "vitest";
import { wrongImports } from "./layers";
import {
  dangerous,
  defaultExport,
  foreignOrigins,
  impure,
  noOpeningComment,
  propsOf,
  tooLong,
  tooManyProps,
} from "./rules";
import { importsOf, type Source } from "./source";

const source = (path: string, text: string): Source => ({ path, text });

test("every way to import is seen", () => {
  const text = `
    // import { no } from "./in-a-comment";
    const text = 'import { no } from "./in-a-string"';
    import { a } from "./a";
    import type { b } from "./b";
    import { type c } from "./c";
    import { type d, e } from "./d";
    import "./effect";
    import f, { type g } from "./f";
    export * from "./h";
    export type { i } from "./i";
    const j = await import("./j");
    let k: import("./k").K;
    const l = new URL("./l.worker.ts", import.meta.url);
    const m = import.meta.glob<Thing>(["./m/*.ts", "!./m/not.ts"], { eager: true });
    const n = import(name);
    const o = new URL("icon.svg", document.baseURI);
  `;
  expect(
    importsOf(source("src/x.ts", text)).map(
      ({ specifier, typeOnly, url }) => `${specifier}${typeOnly ? " types" : ""}${url ? " url" : ""}`,
    ),
  ).toEqual([
    "./a",
    "./b types",
    "./c types",
    "./d",
    "./effect",
    "./f",
    "./h",
    "./i types",
    "./j",
    "./k types",
    "./l.worker.ts url",
    "./m/*.ts",
    "(not a literal)",
  ]);
});

test("both scripts of a component are read, and its markup is not", () => {
  const text = `<!-- import "./no" --><script module lang="ts">import "./a";</script>
    <script lang="ts">import "./b";</script><p>import "./no"</p>`;
  expect(importsOf(source("src/ui/X.svelte", text)).map(({ specifier }) => specifier)).toEqual([
    "./a",
    "./b",
  ]);
});

test.each([
  ["src/ui/widgets/A.svelte", `<script>import { a } from "../context";</script>`],
  ["src/ui/widgets/a.ts", `import type { a } from "../../core/ids";`],
  ["src/ui/label/A.svelte", `<script>import type { a } from "../../../workers/api";</script>`],
  ["src/state/a.ts", `import { a } from "../../workers/serve";`],
  ["src/state/a.ts", `import { b } from "../ui/context";`],
  ["src/state/a.ts", `const a = new URL("../../workers/learner.worker.ts", import.meta.url);`],
  ["src/engine/a.ts", `import { a } from "../../workers/api";`],
  ["src/engine/a.ts", `import { a } from "../state/session.svelte";`],
  ["src/engine/a.ts", `const a = new URL("../../workers/learner.ts", import.meta.url);`],
  ["src/engine/a.ts", `const a = await import("../../workers/learner.worker");`],
  ["src/storage/a.ts", `export { a } from "../formats/zip";`],
  ["src/storage/a.ts", `import type { a } from "../../workers/api";`],
  ["src/formats/a.ts", `import type { a } from "../storage/schema";`],
  ["src/core/a.ts", `let a: import("../formats/zip").Zip;`],
  ["src/core/strategies/a.ts", `import { a } from "../../storage/database";`],
  ["workers/a.ts", `import { a } from "../src/engine/learner";`],
  ["workers/compute/a.ts", `import type { a } from "../../src/state/problem";`],
  ["workers/a.ts", `import { a } from "../test/core/make-pool";`],
  ["workers/a.ts", `const a = await import(path);`],
])("%s must not say %s", (path, text) => {
  const faults = wrongImports(source(path, text));
  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain(path);
  expect(faults[0]).toMatch(/imports "(\.\.\/|\(not)/);
});

test.each([
  ["src/App.svelte", `<script>import { a } from "../workers/api";</script>`],
  [
    "src/ui/label/A.svelte",
    `<script>import { a } from "../widgets/b"; import b from "../../core/ids";</script>`,
  ],
  ["src/state/a.ts", `import type { a } from "../../workers/api"; import { b } from "../engine/learner";`],
  ["src/engine/a.ts", `new Worker(new URL("../../workers/learner.worker.ts", import.meta.url));`],
  ["src/engine/a.ts", `import { type A } from "../../workers/api"; import * as b from "comlink";`],
  ["workers/compute/a.ts", `import { a } from "../api"; import { b } from "../../src/core/kernels/kernels";`],
])("%s may say %s", (path, text) => {
  expect(wrongImports(source(path, text))).toEqual([]);
});

test("300 lines go, 301 do not", () => {
  expect(tooLong(source("a.ts", "x\n".repeat(300)))).toEqual([]);
  expect(tooLong(source("a.ts", "x\n".repeat(301)))).toEqual(["a.ts has 301 lines, more than 300."]);
});

test("a file that does not begin with a comment is named", () => {
  expect(noOpeningComment(source("a.ts", "// What it is for.\n"))).toEqual([]);
  expect(noOpeningComment(source("a.mjs", "#!/usr/bin/env node\n// What it is for.\n"))).toEqual([]);
  expect(noOpeningComment(source("A.svelte", "<!-- What it is for. -->"))).toEqual([]);
  expect(noOpeningComment(source("a.ts", 'import "b";\n// Late.'))).toHaveLength(1);
  expect(noOpeningComment(source("A.svelte", "// In the wrong language."))).toHaveLength(1);
  expect(noOpeningComment(source("a.css", "// In the wrong language."))).toHaveLength(1);
});

test.each([
  "const a = Math.random();",
  "const { random } = Math;",
  'const a = Math["random"]();',
  "const a = new Date();",
  "const a = Date.now();",
  "const a = performance.now();",
  "const a = fetch('/a');",
  "setTimeout(() => 1, 0);",
  "const a = { now: performance };",
  "window.a = 1;",
  "document.title;",
  "self.postMessage(1);",
  "globalThis.a;",
  "navigator.gpu;",
  'import { a } from "idb";',
  'import type { a } from "idb";',
])("core must not say %s", (text) => {
  expect(impure(source("src/core/a.ts", text))).toHaveLength(1);
});

test("core may talk about such things and have members of these names", () => {
  const text = `
    // Date.now() and Math.random() are for others.
    import { a } from "./a";
    const text = "window";
    interface Report { performance: number; fetch(): void }
    const b = { document: Math.max(1, 2) };
    b.document + report.performance;`;
  expect(impure(source("src/core/a.ts", text))).toEqual([]);
});

test.each(["export default 1;", "export default function a() {}", "export { a as default };"])(
  "%s is a default export",
  (text) => {
    expect(defaultExport(source("a.ts", text))).toHaveLength(1);
  },
);

test("a switch's default and a named export are none", () => {
  const text = "export const a = (b: number) => { switch (b) { default: return 1; } };";
  expect(defaultExport(source("a.ts", text))).toEqual([]);
});

test.each([
  ["a.ts", "tensor.dataSync();"],
  ["a.ts", "element.innerHTML = text;"],
  ["a.ts", "eval(text);"],
  ["a.ts", "new Function(text);"],
  ["A.svelte", "<script>eval(text);</script>"],
  ["A.svelte", "<p>{@html text}</p>"],
  ["A.svelte", "<p bind:innerHTML={text}></p>"],
])("%s must not say %s", (path, text) => {
  expect(dangerous(source(path, text))).toHaveLength(1);
});

test("talking about it is no danger", () => {
  expect(dangerous(source("a.ts", "// Never innerHTML or eval().\nconst a = 'eval(1)';"))).toEqual([]);
  expect(dangerous(source("A.svelte", "<!-- no {@html} here --><p>{text}</p>"))).toEqual([]);
});

test("props are counted in the interface, an alias or the destructuring, without those of the element", () => {
  const component = (script: string) => source("A.svelte", `<script lang="ts">${script}</script>`);
  const interfaces = "interface Props extends Attributes { a: { x: 1; y: 2 }; b?: string; c(): void }";
  expect(propsOf(component("interface Props { a: { x: 1; y: 2 }; b?: string }"))).toEqual(["a", "b"]);
  expect(propsOf(component(interfaces))).toEqual(["a", "b", "c"]);
  expect(propsOf(component("type Props = Attributes & { a: 1; b: 2 };"))).toEqual(["a", "b"]);
  expect(propsOf(component("let { a, b = 2, ...rest }: Other = $props();"))).toEqual(["a", "b = 2"]);
  expect(propsOf(component("let all: { a: 1; b: 2 } = $props();"))).toEqual(["a", "b"]);
  const eight = "interface Props { a: 1; b: 1; c: 1; d: 1; e: 1; f: 1; g: 1; h(): void }";
  expect(tooManyProps(component(eight))).toHaveLength(1);
  expect(tooManyProps(component(eight.replace("h(): void", "")))).toEqual([]);
});

test("a policy that names another origin, or lets inline code run, is found", () => {
  const page = (policy: string) => `<meta http-equiv="Content-Security-Policy" content="${policy}" />`;
  const good = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'";
  expect(foreignOrigins(page(good))).toEqual([]);
  expect(foreignOrigins("<meta />")).toEqual(["there is no content policy"]);
  expect(foreignOrigins(page(`${good} https://a.example`))).toEqual(["connect-src names https://a.example"]);
  expect(foreignOrigins(page(`${good}; img-src *`))).toEqual(["img-src names *"]);
  expect(
    foreignOrigins(page(good.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'"))),
  ).toEqual(["script-src lets inline code run"]);
  expect(foreignOrigins(page(good.replace("; connect-src 'self'", "")))).toEqual(["connect-src is missing"]);
});
