// Where the matrix and what is derived from it lie in memory. Set once by JavaScript, read by every kernel.

/** float32 rows, `stride` apart; the padding behind `dims` is zero. */
export let matrix: usize = 0;
/** float32 numbers (and bytes of a sketch) from one row to the next: a multiple of 16. */
export let stride: i32 = 0;
/** The largest 16-bit number in a centre's codes, so that sums of products fit 32 bits. */
export let centreLimit: i32 = 0;
/** int8 codes of the rows, `stride` bytes each. */
export let codes: usize = 0;
/** Four float32 for each row: scale, error, squared norm of the sketch, norm of the row. */
export let cards: usize = 0;
/** float64 squared norms of the rows. */
export let norms: usize = 0;
/** One centre: `stride` float64, then `stride` int16. */
export let centre: usize = 0;

export function layOut(
  matrixAt: usize,
  strideOfRows: i32,
  codesAt: usize,
  cardsAt: usize,
  normsAt: usize,
  centreAt: usize,
): void {
  matrix = matrixAt;
  stride = strideOfRows;
  codes = codesAt;
  cards = cardsAt;
  norms = normsAt;
  centre = centreAt;
  const most = 0x7fffffff / (127 * <i64>strideOfRows);
  centreLimit = <i32>min<i64>(32767, most);
}

export function rowAt(row: i32): usize {
  return matrix + <usize>row * <usize>stride * 4;
}
