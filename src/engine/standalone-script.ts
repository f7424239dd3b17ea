// The program of a page that classifies by itself, as text. Loaded only when somebody exports such a page.

/// <reference path="../standalone/script.d.ts" />
import type { ItemKind } from "../core/project";

export { standaloneEncoderIds } from "../standalone/encoder-ids";

export async function standaloneScript(kind: ItemKind): Promise<string> {
  const { script } =
    kind === "image"
      ? await import("../standalone/image.ts?script")
      : await import("../standalone/text.ts?script");
  return script;
}
