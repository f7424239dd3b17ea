// The house rules a parser can check, each as a function from a source to the sentences about what breaks it.

import ts from "typescript";
import { importsOf, markupOf, nodesOf, parse, type Source } from "./source";

export const maxLines = 300;
export const maxProps = 7;

export function tooLong({ path, text }: Source): string[] {
  const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  return lines > maxLines ? [`${path} has ${lines} lines, more than ${maxLines}.`] : [];
}

export function noOpeningComment({ path, text }: Source): string[] {
  // A program's first line may say what runs it.
  const body = text.replace(/^#![^\n]*\n/, "");
  const opening = path.endsWith(".svelte") ? "<!--" : path.endsWith(".css") ? "/*" : "//";
  const comment = body.startsWith(opening) || (opening === "//" && body.startsWith("/*"));
  return comment ? [] : [`${path} does not begin with a sentence of what it is for (${opening}).`];
}

const ambient = new Set([
  "Date",
  "performance",
  "fetch",
  "setTimeout",
  "setInterval",
  "queueMicrotask",
  "crypto",
  "window",
  "document",
  "self",
  "globalThis",
  "navigator",
]);

/** Core asks for time, chance and the rest; it never takes them. */
export function impure(source: Source): string[] {
  const { path } = source;
  const names = [...nodesOf(parse(source))].flatMap((node) => {
    if (isMathRandom(node)) return ["Math.random"];
    return ts.isIdentifier(node) && ambient.has(node.text) && isReference(node) ? [node.text] : [];
  });
  const packages = importsOf(source).filter(({ specifier }) => !specifier.startsWith("."));
  return [
    ...names.map((name) => `${path} uses ${name}; core is given such things as arguments.`),
    ...packages.map(({ specifier }) => `${path} imports the package "${specifier}"; core uses none.`),
  ];
}

function isMathRandom(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node)) return node.getText() === "Math.random";
  // const { random } = Math, Math["random"] and passing Math itself on would all get round it.
  const isMath = ts.isIdentifier(node) && node.text === "Math" && isReference(node);
  return isMath && !ts.isPropertyAccessExpression(node.parent);
}

/** Whether an identifier stands for a thing, not for a property's name. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isQualifiedName(parent) || ts.isTypeReferenceNode(parent)) return false;
  const namesMember =
    ts.isPropertyAssignment(parent) || ts.isTypeElement(parent) || ts.isClassElement(parent);
  return !(namesMember && parent.name === node);
}

export function defaultExport(source: Source): string[] {
  const found = [...nodesOf(parse(source))].some(
    (node) =>
      (ts.isExportAssignment(node) && !node.isExportEquals) ||
      (ts.canHaveModifiers(node) &&
        !!ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)) ||
      (ts.isExportSpecifier(node) && node.name.text === "default"),
  );
  return found ? [`${source.path} has a default export; name it.`] : [];
}

/** Ways to run or show what a stranger wrote, and the read that blocks a thread. */
export function dangerous(source: Source): string[] {
  const found = [...nodesOf(parse(source))].flatMap((node) => {
    if (ts.isIdentifier(node) && /^(innerHTML|outerHTML|insertAdjacentHTML|dataSync)$/.test(node.text))
      return [node.text];
    const called = ts.isCallExpression(node) || ts.isNewExpression(node) ? node.expression : null;
    return called && ts.isIdentifier(called) && /^(eval|Function)$/.test(called.text) ? [called.text] : [];
  });
  if (source.path.endsWith(".svelte")) {
    const markup = markupOf(source);
    if (/\{\s*@html\b/.test(markup)) found.push("{@html}");
    if (/innerHTML/i.test(markup)) found.push("innerHTML");
  }
  return found.map((name) => `${source.path} uses ${name}.`);
}

/** Props a component declares itself; those of the native element behind it do not count. */
export function propsOf(source: Source): string[] {
  const nodes = [...nodesOf(parse(source))];
  const declared = nodes.find(
    (node) =>
      (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) && node.name.text === "Props",
  );
  if (declared) {
    // Of a type alias, the object types written out in it.
    return [...nodesOf(declared)]
      .filter((node) => ts.isPropertySignature(node) || ts.isMethodSignature(node))
      .filter(({ parent }) => parent === declared || enclosing(parent) === declared)
      .map(({ name }) => name.getText());
  }
  const call = nodes.find((node) => ts.isCallExpression(node) && node.expression.getText() === "$props");
  const pattern = call && ts.isVariableDeclaration(call.parent) ? call.parent : null;
  if (!pattern) return [];
  if (ts.isObjectBindingPattern(pattern.name))
    return pattern.name.elements.filter(({ dotDotDotToken }) => !dotDotDotToken).map((one) => one.getText());
  return pattern.type && ts.isTypeLiteralNode(pattern.type)
    ? pattern.type.members.map(({ name }) => name?.getText() ?? "")
    : [];
}

/** The alias an object type is a direct part of, alone or in an intersection. */
function enclosing(node: ts.Node): ts.Node {
  const { parent } = node;
  return ts.isIntersectionTypeNode(parent) || ts.isUnionTypeNode(parent) ? enclosing(parent) : parent;
}

export function tooManyProps(source: Source): string[] {
  const props = propsOf(source);
  return props.length > maxProps
    ? [`${source.path} has ${props.length} props (${props.join(", ")}), more than ${maxProps}.`]
    : [];
}

/** Origins and loopholes a content policy names beyond the app itself. */
export function foreignOrigins(html: string): string[] {
  const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(html)?.[1];
  if (!policy) return ["there is no content policy"];
  const own = new Set(["'self'", "'none'", "'unsafe-inline'", "'wasm-unsafe-eval'", "blob:", "data:"]);
  const directives = policy.split(";").map((one) => one.trim().split(/\s+/));
  const missing = ["default-src", "script-src", "connect-src"].filter(
    (name) => !directives.some(([directive]) => directive === name),
  );
  const loose = directives.filter(
    ([name, ...sources]) =>
      name !== "style-src" &&
      sources.some((source) => source === "'unsafe-inline'" || source === "'unsafe-eval'"),
  );
  return [
    ...missing.map((name) => `${name} is missing`),
    ...loose.map(([name]) => `${name} lets inline code run`),
    ...directives.flatMap(([name, ...sources]) =>
      sources.filter((source) => !own.has(source)).map((source) => `${name} names ${source}`),
    ),
  ];
}
