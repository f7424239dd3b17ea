// What an import that ends in `?compiled` gives (scripts/vite/assembly.mjs).

declare module "*?compiled" {
  export const bytes: Uint8Array<ArrayBuffer>;
}
