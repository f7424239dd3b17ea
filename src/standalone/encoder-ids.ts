// Which encoders a page that classifies by itself carries: the built-in ones, whose weights it can be given. To add
// one, name it here and in text.ts or image.ts.

import type { ItemKind } from "../core/project";

export const standaloneEncoderIds: Readonly<Record<ItemKind, readonly string[]>> = {
  image: ["patch-dictionary"],
  text: ["lsa-sif"],
};
