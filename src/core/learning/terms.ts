// The terms of texts, words and pairs of them, beside their embeddings: of each item only those it has. With many
// labels a linear layer over them knows what an embedding of a few hundred numbers has no room for.

/** Compressed sparse rows. */
export interface TermRows {
  readonly rows: number;
  /** Terms there are; at most 65,536. */
  readonly columns: number;
  /** rows + 1: the terms of a row lie from its offset to the next one's. */
  readonly offsets: Uint32Array;
  readonly indices: Uint16Array;
  /** Weights of the terms; of a row with any, of Euclidean length 1. */
  readonly values: Float32Array;
}

/** logits += T W + b, of the terms that have weights. */
export interface TermLayer {
  /** Of the rows it was fitted to. */
  readonly columns: number;
  readonly classes: number;
  /** The terms that have weights, ascending. */
  readonly known: Uint16Array;
  /** known × classes, row-major. */
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

/** Some rows, in the order asked for. */
export function gatherTerms(terms: TermRows, rows: Uint32Array): TermRows {
  const offsets = new Uint32Array(rows.length + 1);
  rows.forEach((row, at) => {
    offsets[at + 1] = offsets[at]! + terms.offsets[row + 1]! - terms.offsets[row]!;
  });
  const indices = new Uint16Array(offsets[rows.length]!);
  const values = new Float32Array(indices.length);
  rows.forEach((row, at) => {
    const [from, to] = [terms.offsets[row]!, terms.offsets[row + 1]!];
    indices.set(terms.indices.subarray(from, to), offsets[at]);
    values.set(terms.values.subarray(from, to), offsets[at]);
  });
  return { rows: rows.length, columns: terms.columns, offsets, indices, values };
}

/** All rows of several, one after the other; null of none, or where they count other terms. */
export function joinTerms(parts: readonly TermRows[]): TermRows | null {
  const columns = parts[0]?.columns;
  if (columns === undefined || parts.some((part) => part.columns !== columns)) return null;
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const count = parts.reduce((sum, part) => sum + part.indices.length, 0);
  const joined = {
    rows,
    columns,
    offsets: new Uint32Array(rows + 1),
    indices: new Uint16Array(count),
    values: new Float32Array(count),
  };
  let [row, at] = [0, 0];
  for (const part of parts) {
    for (let own = 0; own < part.rows; own++) joined.offsets[++row] = at + part.offsets[own + 1]!;
    joined.indices.set(part.indices, at);
    joined.values.set(part.values, at);
    at += part.indices.length;
  }
  return joined;
}

/** Adds the layer's logits of each row to `logits`, rows × classes. */
export function addTermLogits(
  layer: TermLayer,
  { rows, columns, offsets, indices, values }: TermRows,
  logits: Float32Array | Float64Array,
): void {
  if (columns !== layer.columns)
    throw new Error(`A layer over ${layer.columns} terms was given rows of ${columns}.`);
  const { classes, weights, bias, known } = layer;
  const placeOf = new Int32Array(columns).fill(-1);
  known.forEach((column, place) => (placeOf[column] = place * classes));
  for (let row = 0; row < rows; row++) {
    const to = row * classes;
    for (let c = 0; c < classes; c++) logits[to + c]! += bias[c]!;
    for (let at = offsets[row]!; at < offsets[row + 1]!; at++) {
      const from = placeOf[indices[at]!]!;
      if (from < 0) continue;
      const value = values[at]!;
      for (let c = 0; c < classes; c++) logits[to + c]! += value * weights[from + c]!;
    }
  }
}

/** The layer with all its logits multiplied by a number. */
export function scaleTermLayer(layer: TermLayer, factor: number): TermLayer {
  return {
    ...layer,
    weights: layer.weights.map((weight) => weight * factor),
    bias: layer.bias.map((one) => one * factor),
  };
}

/** The rows at their places, ascending, among `rows` of which the others have no terms. */
export function placeTerms(terms: TermRows, places: readonly number[], rows: number): TermRows {
  const offsets = new Uint32Array(rows + 1);
  places.forEach((place, at) => (offsets[place + 1] = terms.offsets[at + 1]! - terms.offsets[at]!));
  for (let row = 0; row < rows; row++) offsets[row + 1]! += offsets[row]!;
  return { ...terms, rows, offsets };
}
