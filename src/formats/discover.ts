// Checks what a registry's glob found: every file exports the expected thing, under its own name.

export function discover<T extends { readonly id: string }>(
  what: string,
  modules: Record<string, unknown>,
): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const [path, exported] of Object.entries(modules)) {
    const name = path.slice(path.lastIndexOf("/") + 1).replace(/\.ts$/, "");
    const format = exported as T;
    if (format?.id !== name)
      throw new Error(`${path} must export ${what} with the id "${name}", not "${format?.id}".`);
    found.set(name, format);
  }
  return found;
}
