// Cleans the paths inside an archive. They are only ever names to us, but they end up in exports and class
// names, so nothing in them may point outside or disguise itself.

export type CleanPath = { readonly path: string } | { readonly refusal: string };

/** Backslashes, drives and leading slashes are taken off; a path that climbs with `..` is refused. */
export function cleanPath(raw: string): CleanPath {
  const parts = raw
    .replaceAll("\\", "/")
    .replace(/^[a-z]:/i, "")
    .split("/")
    // Control characters, among them NUL, at which other programs would end the name; and the marks that
    // reverse the direction of writing, which make "gpj.exe" look like "exe.jpg".
    .map((part) => part.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, ""))
    .filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) return { refusal: "has a path that climbs out of the archive" };
  if (parts.length === 0) return { refusal: "has no name" };
  return { path: parts.join("/") };
}

/** What systems put into archives and nobody wants to label. */
export function isClutter(path: string): boolean {
  const parts = path.split("/");
  const name = parts.at(-1)!.toLowerCase();
  return (
    parts.includes("__MACOSX") ||
    name === ".ds_store" ||
    name === "thumbs.db" ||
    name === "desktop.ini" ||
    name.startsWith("._")
  );
}
