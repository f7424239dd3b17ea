// What an import that ends in `?compiled` gives (scripts/vite/assembly.mjs).

declare module "*?compiled" {
  export const bytes: Uint8Array<ArrayBuffer>;
  /** The same with fused multiply-add, which not every engine knows. */
  export const fusedBytes: Uint8Array<ArrayBuffer>;
}
