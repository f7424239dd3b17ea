// Writes NumPy arrays for tests, byte by byte as the format says.

export function npy(
  descr: string,
  shape: readonly number[],
  values: Uint8Array,
  fortran = false,
): Uint8Array<ArrayBuffer> {
  const sides = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text = `{'descr': '${descr}', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': (${sides}), }`;
  const padded = `${text.padEnd(64 * Math.ceil((text.length + 11) / 64) - 11)}\n`;
  const bytes = new Uint8Array(10 + padded.length + values.length);
  bytes.set([0x93, ...[..."NUMPY"].map((letter) => letter.charCodeAt(0)), 1, 0]);
  new DataView(bytes.buffer).setUint16(8, padded.length, true);
  bytes.set(new TextEncoder().encode(padded), 10);
  bytes.set(values, 10 + padded.length);
  return bytes;
}

export function float32(...values: number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer);
}

export function names(list: readonly string[]): Uint8Array<ArrayBuffer> {
  const size = Math.max(...list.map((name) => [...name].length));
  const points = new Uint32Array(list.length * size);
  list.forEach((name, row) =>
    points.set(
      [...name].map((letter) => letter.codePointAt(0)!),
      row * size,
    ),
  );
  return npy(`<U${size}`, [list.length], new Uint8Array(points.buffer));
}
