// How a Field and the control inside it find each other: ids for the label and the description, and whether
// the value is wrong. A control outside a Field gets undefined and lives without.

import { getContext, setContext } from "svelte";

export interface FieldLink {
  readonly controlId: string;
  readonly labelId: string;
  readonly describedBy: string | undefined;
  readonly invalid: boolean;
}

const key = Symbol("field");

/** `link` is read again on every render, so give it getters. */
export function provideField(link: FieldLink): void {
  setContext(key, link);
}

export function useField(): FieldLink | undefined {
  return getContext<FieldLink | undefined>(key);
}

/** Attributes for a native control that a `<label for>` can point to. */
export function controlAttributes(field: FieldLink | undefined) {
  return {
    id: field?.controlId,
    "aria-describedby": field?.describedBy,
    "aria-invalid": field?.invalid ? ("true" as const) : undefined,
  };
}

/** Attributes for a group of controls; `label` names it where there is no Field. */
export function groupAttributes(field: FieldLink | undefined, label: string | undefined) {
  return {
    id: field?.controlId,
    "aria-label": field ? undefined : label,
    "aria-labelledby": field?.labelId,
    "aria-describedby": field?.describedBy,
  };
}
