// Which layer a file belongs to, and what each layer may import of our own tree.

import { importsOf, resolve, type Import, type Source } from "./source";

type Allowed = "values" | "types";

interface Layer {
  readonly folder: string;
  /** Folders it may import from, besides itself. */
  readonly imports: Readonly<Record<string, Allowed>>;
  readonly workerUrls?: boolean;
}

const below = { "src/formats": "values", "src/core": "values" } as const;

/** The first whose folder fits is a file's layer. App.svelte and main.ts belong to none and import anything. */
export const layers: readonly Layer[] = [
  { folder: "src/ui/widgets", imports: {} },
  {
    folder: "src/ui",
    imports: { "src/state": "values", "src/engine": "values", "src/storage": "values", ...below },
  },
  {
    folder: "src/state",
    imports: { "src/engine": "values", "src/storage": "values", ...below, workers: "types" },
  },
  {
    folder: "src/engine",
    imports: { "src/storage": "values", "src/standalone": "values", ...below, workers: "types" },
    workerUrls: true,
  },
  { folder: "src/standalone", imports: { workers: "values", ...below } },
  { folder: "src/storage", imports: { "src/core": "values" } },
  { folder: "src/formats", imports: { "src/core": "values" } },
  { folder: "src/core", imports: {} },
  { folder: "workers", imports: { "src/storage": "values", ...below } },
];

const composition = ["src/App.svelte", "src/main.ts"];

export function layerOf(path: string): Layer | null {
  return layers.find(({ folder }) => path.startsWith(`${folder}/`)) ?? null;
}

/** A sentence for each import that goes the wrong way. */
export function wrongImports(source: Source): string[] {
  if (composition.includes(source.path)) return [];
  // A declaration of globals for the compiler belongs to no layer, and imports nothing.
  const layer = layerOf(source.path) ?? { folder: source.path, imports: {} };
  return importsOf(source).flatMap((one) => {
    const fault = faultOf(source.path, layer, one);
    return fault ? [`${source.path} imports "${one.specifier}": ${fault}`] : [];
  });
}

function faultOf(path: string, layer: Layer, { specifier, typeOnly, url }: Import): string | null {
  if (specifier === "(not a literal)") return "its address must be written out.";
  const target = resolve(path, specifier);
  if (target === null) return null;
  const home = layerOf(target)?.folder;
  // ui may use the widgets inside it.
  if (home === layer.folder || (layer.folder === "src/ui" && home === "src/ui/widgets")) return null;
  if (url && layer.workerUrls && /^workers\/[a-z-]+\.worker\.ts$/.test(target)) return null;
  const allowed = home && layer.imports[home];
  if (allowed === "values" && !url) return null;
  if (allowed === "types")
    return typeOnly ? null : `${layer.folder} may take only types from ${home} (import type).`;
  return `${layer.folder} must not import from ${home ?? target}.`;
}
