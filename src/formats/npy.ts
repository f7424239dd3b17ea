// Writes NumPy's .npy files (format 1.0): numbers and names as arrays NumPy loads without pickling.

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0];
/** What the format asks of where the numbers begin. */
const alignment = 64;

/** Row-major float32 of this shape. */
export function npyOfFloats(values: Float32Array, shape: readonly number[]): Uint8Array<ArrayBuffer> {
  return npy("<f4", shape, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

export function npyOfInteger(value: number): Uint8Array<ArrayBuffer> {
  return npy("<i8", [], new Uint8Array(BigInt64Array.of(BigInt(value)).buffer));
}

/** A list of strings, as wide as the longest, in UCS-4. A NUL at the end of one is lost, as NumPy would lose it. */
export function npyOfTexts(texts: readonly string[]): Uint8Array<ArrayBuffer> {
  const points = texts.map((text) => [...text].map((character) => character.codePointAt(0)!));
  const width = Math.max(1, ...points.map(({ length }) => length));
  const values = new Uint32Array(texts.length * width);
  points.forEach((one, at) => values.set(one, at * width));
  return npy(`<U${width}`, [texts.length], new Uint8Array(values.buffer));
}

function npy(type: string, shape: readonly number[], values: Uint8Array): Uint8Array<ArrayBuffer> {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const head = `{'descr': '${type}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const before = magic.length + 2;
  const length = Math.ceil((before + head.length + 1) / alignment) * alignment - before;
  const bytes = new Uint8Array(before + length + values.length);
  bytes.set(magic);
  new DataView(bytes.buffer).setUint16(magic.length, length, true);
  bytes.set(new TextEncoder().encode(`${head.padEnd(length - 1)}\n`), before);
  bytes.set(values, before + length);
  return bytes;
}
