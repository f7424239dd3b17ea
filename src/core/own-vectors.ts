// Embeddings that were computed elsewhere, as they are named and accounted for. They stand where an encoder's id
// stands, and nothing ever makes them anew.

/** What became of the files a person gave. */
export interface VectorAccount {
  /** `vectors-` and something random: each import is a set of its own. */
  readonly id: string;
  /** The files, by name. */
  readonly source: string;
  readonly dims: number;
  /** Items that got a vector, and items there were. */
  readonly matched: number;
  readonly items: number;
  /** The first `accountLimit` items without one, by path. */
  readonly missing: readonly string[];
  /** Vectors whose name means no item, and the first `accountLimit` of those names. */
  readonly unknown: number;
  readonly unknownNames: readonly string[];
  /** Vectors whose name means more than one item. */
  readonly ambiguous: number;
  /** Vectors that came for an item that had one already: the first counts. */
  readonly repeated: number;
  /** Rows that could not be used: how many, and the first `accountLimit` sentences. */
  readonly faulty: number;
  readonly problems: readonly string[];
}

export const accountLimit = 20;

const prefix = "vectors-";

export function isVectorsId(encoderId: string): boolean {
  return encoderId.startsWith(prefix);
}

export function vectorsIdOf(random: string): string {
  return prefix + random;
}
