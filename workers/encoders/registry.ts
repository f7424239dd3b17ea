// Finds the encoders: every other file of this folder that exports `encoder`.

import type { ItemKind } from "../../src/core/project";
import type { Encoder } from "./encoder";

const modules = import.meta.glob<Encoder>(["./*.ts", "!./encoder.ts", "!./registry.ts"], {
  eager: true,
  import: "encoder",
});

export const encoders: ReadonlyMap<string, Encoder> = new Map(
  Object.entries(modules).map(([path, encoder]) => {
    const name = path.slice(path.lastIndexOf("/") + 1).replace(/\.ts$/, "");
    if (encoder?.id !== name) throw new Error(`${path} must export an encoder with the id "${name}".`);
    return [name, encoder];
  }),
);

/** The encoder a new project of this kind starts with. */
export function defaultEncoder<K extends ItemKind>(kind: K): Extract<Encoder, { kind: K }> {
  const id = kind === "image" ? "patch-dictionary" : "lsa-sif";
  return encoders.get(id) as Extract<Encoder, { kind: K }>;
}
