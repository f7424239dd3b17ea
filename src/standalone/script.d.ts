// What an import that ends in `?script` gives: see scripts/vite/standalone.mjs.

declare module "*?script" {
  /** The module and all it imports, as one classic script. */
  export const script: string;
}
