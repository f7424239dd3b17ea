// What a CommandPalette offers, as data.

import type { IconComponent } from "./icon";

export interface PaletteCommand {
  readonly id: string;
  readonly label: string;
  readonly run: () => void;
  readonly group?: string | undefined;
  readonly icon?: IconComponent | undefined;
  /** Key hint as in Kbd. */
  readonly keys?: string | undefined;
  /** Other words people may type for it. */
  readonly keywords?: readonly string[] | undefined;
}
