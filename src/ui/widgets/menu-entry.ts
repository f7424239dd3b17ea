// What a Menu is made of, as data.

import type { IconComponent } from "./icon";

export interface MenuAction {
  readonly label: string;
  readonly run: () => void;
  readonly icon?: IconComponent | undefined;
  /** Key hint as in Kbd. */
  readonly keys?: string | undefined;
  /** A tick that is there or not; leave out for plain actions. */
  readonly checked?: boolean | undefined;
  readonly danger?: boolean | undefined;
  readonly disabled?: boolean | undefined;
}

/** An action, a line between groups, or the heading of the group that follows. */
export type MenuEntry = MenuAction | "line" | { readonly heading: string };
