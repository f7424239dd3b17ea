// Reads source files for the architecture tests: which there are, what they import, what their code names.
// Comments and strings never count as code, because TypeScript's own parser does the reading.

import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import ts from "typescript";

export interface Source {
  /** From the repository's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export interface Import {
  /** As written. */
  readonly specifier: string;
  /** Nothing of it is left when the program runs. */
  readonly typeOnly: boolean;
  /** `new URL(…, import.meta.url)`: the address of a worker. */
  readonly url: boolean;
}

const unread = new Set(["node_modules", "dist", ".vite"]);

/** Files below `folder` whose name ends in one of the extensions. */
export function sourcesIn(folder: string, extensions: readonly string[]): Source[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return unread.has(entry.name) ? [] : sourcesIn(path, extensions);
    return extensions.includes(posix.extname(path)) ? [{ path, text: readFileSync(path, "utf8") }] : [];
  });
}

/** The TypeScript of a file: all of it, or the script blocks of a component. */
const parsed = new WeakMap<Source, ts.SourceFile>();

/** Once for all the rules. */
export function parse(source: Source): ts.SourceFile {
  const kept = parsed.get(source) ?? parseAnew(source);
  parsed.set(source, kept);
  return kept;
}

function parseAnew({ path, text }: Source): ts.SourceFile {
  const code = path.endsWith(".svelte")
    ? [...text.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script>/g)].map(([, script]) => script).join("\n")
    : text;
  return ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true);
}

/** What of a component is neither script, style nor comment. */
export function markupOf({ text }: Source): string {
  return text.replace(/<!--[\s\S]*?-->|<(script|style)\b[^>]*>[\s\S]*?<\/\1>/g, "");
}

/** The node and all below it, each before its children. */
export function nodesOf(node: ts.Node): ts.Node[] {
  const nodes: ts.Node[] = [];
  const take = (one: ts.Node): void => {
    nodes.push(one);
    ts.forEachChild(one, take);
  };
  take(node);
  return nodes;
}

/** Every import, export … from, import(), `import("…")` type, glob and worker URL. */
export function importsOf(source: Source): Import[] {
  return [...nodesOf(parse(source))].flatMap((node) => importsAt(node));
}

function importsAt(node: ts.Node): Import[] {
  if (ts.isImportDeclaration(node)) return [found(node.moduleSpecifier, bringsTypesOnly(node.importClause))];
  if (ts.isExportDeclaration(node) && node.moduleSpecifier)
    return [found(node.moduleSpecifier, node.isTypeOnly || onlyTypes(node.exportClause))];
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
    return [found(node.argument.literal, true)];
  if (ts.isCallExpression(node)) {
    if (node.expression.kind === ts.SyntaxKind.ImportKeyword) return [found(node.arguments[0], false)];
    if (/^import\.meta\.glob$/.test(node.expression.getText())) return globbed(node.arguments[0]);
  }
  const isUrl = ts.isNewExpression(node) && node.expression.getText() === "URL";
  if (isUrl && node.arguments?.[1]?.getText() === "import.meta.url")
    return [{ ...found(node.arguments[0], false), url: true }];
  return [];
}

function found(specifier: ts.Node | undefined, typeOnly: boolean): Import {
  // An address put together when the program runs cannot be checked, and so is never allowed.
  const written = specifier && ts.isStringLiteralLike(specifier) ? specifier.text : "(not a literal)";
  return { specifier: written, typeOnly, url: false };
}

function globbed(argument: ts.Node | undefined): Import[] {
  if (argument && ts.isArrayLiteralExpression(argument)) return argument.elements.flatMap(globbed);
  const one = found(argument, false);
  return one.specifier.startsWith("!") ? [] : [one];
}

function bringsTypesOnly(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  return clause.isTypeOnly || (!clause.name && onlyTypes(clause.namedBindings));
}

function onlyTypes(bindings: ts.Node | undefined): boolean {
  if (!bindings || !(ts.isNamedImports(bindings) || ts.isNamedExports(bindings))) return false;
  return bindings.elements.length > 0 && bindings.elements.every(({ isTypeOnly }) => isTypeOnly);
}

/** Where an import leads, from the repository's root; null for a package. */
export function resolve(fromPath: string, specifier: string): string | null {
  if (!specifier.startsWith(".")) return null;
  return posix.join(posix.dirname(fromPath), specifier);
}
