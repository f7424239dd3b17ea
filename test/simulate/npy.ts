// Reads and writes NumPy's array files: embeddings as a matrix, labels as whole numbers.

import { readFileSync, writeFileSync } from "node:fs";

export interface NpyArray {
  readonly shape: readonly number[];
  readonly values: Float32Array<ArrayBuffer>;
}

const readers: Readonly<Record<string, (buffer: ArrayBuffer) => ArrayLike<number | bigint>>> = {
  "<f4": (buffer) => new Float32Array(buffer),
  "<f8": (buffer) => new Float64Array(buffer),
  "<i4": (buffer) => new Int32Array(buffer),
  "<u4": (buffer) => new Uint32Array(buffer),
  "<i8": (buffer) => new BigInt64Array(buffer),
  "<i2": (buffer) => new Int16Array(buffer),
  "|u1": (buffer) => new Uint8Array(buffer),
  "|i1": (buffer) => new Int8Array(buffer),
};

/** @throws Error, with a sentence, for what is no array of plain numbers in row order. */
export function readNpy(path: string): NpyArray {
  const bytes = readFileSync(path);
  if (bytes.subarray(0, 6).toString("latin1") !== "\x93NUMPY")
    throw new Error(`${path} is no NumPy array file.`);
  const wide = bytes[6]! >= 2;
  const start = wide ? 12 : 10;
  const length = wide ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8);
  const header = bytes.subarray(start, start + length).toString("latin1");
  const type = /'descr':\s*'([^']+)'/.exec(header)?.[1] ?? "";
  const shape = (/'shape':\s*\(([^)]*)\)/.exec(header)?.[1] ?? "").split(",").filter((one) => one.trim());
  const read = readers[type];
  if (!read || /'fortran_order':\s*True/.test(header))
    throw new Error(`${path} holds ${type || "something"} in an order or type that cannot be read here.`);
  const body = bytes.subarray(start + length);
  const numbers = read(body.buffer.slice(body.byteOffset, body.byteOffset + body.length) as ArrayBuffer);
  return { shape: shape.map(Number), values: Float32Array.from(numbers as ArrayLike<number>, Number) };
}

export function writeNpy(path: string, shape: readonly number[], values: Float32Array | Int32Array): void {
  const type = values instanceof Float32Array ? "<f4" : "<i4";
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const header = `{'descr': '${type}', 'fortran_order': False, 'shape': (${tuple}), }`;
  // The numbers begin at a multiple of 64 bytes.
  const padded = `${header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11)}\n`;
  const head = Buffer.alloc(10);
  head.write("\x93NUMPY\x01\x00", "latin1");
  head.writeUInt16LE(padded.length, 8);
  const body = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  writeFileSync(path, Buffer.concat([head, Buffer.from(padded, "latin1"), body]));
}
