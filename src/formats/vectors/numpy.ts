// Reads NumPy arrays (.npy, https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html): numbers of 16,
// 32 and 64 bits in either byte order and either layout, and lists of names. Pickled objects are refused: they are
// programs.

import { UnreadableFile } from "../reader";

export interface NumpyHeader {
  /** b, i, u, f: numbers; U: text of 32-bit characters; S: bytes. */
  readonly type: "b" | "i" | "u" | "f" | "U" | "S";
  /** Bytes of one number; characters of one text. */
  readonly size: number;
  readonly littleEndian: boolean;
  readonly columnMajor: boolean;
  readonly shape: readonly number[];
  /** Where the values begin. */
  readonly offset: number;
}

/** Enough for the header of any array without named fields. */
export const maxHeaderBytes = 4096;

/** @param start the first bytes, `maxHeaderBytes` of them where the file is that long. @throws UnreadableFile */
export function readNumpyHeader(start: Uint8Array, what: string): NumpyHeader {
  const [major, lengthBytes] = [start[6]!, start[6] === 1 ? 2 : 4];
  if (!isNumpy(start) || major < 1 || major > 3)
    throw new UnreadableFile(`${what} is no NumPy array. Save it with numpy.save and choose it again.`);
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const length = lengthBytes === 2 ? view.getUint16(8, true) : view.getUint32(8, true);
  const offset = 8 + lengthBytes + length;
  if (offset > start.length)
    throw new UnreadableFile(`${what} breaks off in its header. Copy the file again.`);
  const text = new TextDecoder().decode(start.subarray(8 + lengthBytes, offset));
  const descr = /'descr'\s*:\s*'([<>|=])([a-zA-Z])(\d*)'/.exec(text);
  const shape = /'shape'\s*:\s*\(([\d\s,]*)\)/.exec(text);
  if (/'descr'\s*:\s*'\|?O/.test(text))
    throw new UnreadableFile(
      `${what} holds pickled Python objects, which could run code and are never opened. Save plain numbers: numpy.save(path, vectors.astype("float32")).`,
    );
  if (!descr || !shape || !"biufUS".includes(descr[2]!))
    throw new UnreadableFile(
      `${what} holds values of a kind that are no vectors. Save it as float32: vectors.astype("float32").`,
    );
  const sizes = shape[1]!.split(",").filter((part) => part.trim() !== "");
  return {
    type: descr[2] as NumpyHeader["type"],
    size: Number(descr[3]),
    littleEndian: descr[1] !== ">",
    columnMajor: /'fortran_order'\s*:\s*True/.test(text),
    shape: sizes.map(Number),
    offset,
  };
}

export function isNumpy(start: Uint8Array): boolean {
  return start[0] === 0x93 && String.fromCharCode(...start.subarray(1, 6)) === "NUMPY";
}

/** Bytes that one value takes. */
export function valueBytes({ type, size }: NumpyHeader): number {
  return type === "U" ? 4 * size : size;
}

/** Numbers as float32. `bytes` begins with the first of them. @throws UnreadableFile */
export function decodeNumbers(
  bytes: Uint8Array,
  header: NumpyHeader,
  count: number,
  what: string,
): Float32Array {
  const { type, size, littleEndian } = header;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = readers[`${type}${size}`];
  if (!read)
    throw new UnreadableFile(
      `${what} holds values of a kind that are no vectors (${type}${size}). Save it as float32: vectors.astype("float32").`,
    );
  const numbers = new Float32Array(count);
  for (let at = 0; at < count; at++) numbers[at] = read(view, at * size, littleEndian);
  return numbers;
}

type Read = (view: DataView, at: number, littleEndian: boolean) => number;
const readers: Readonly<Record<string, Read>> = {
  f2: (view, at, little) => fromHalf(view.getUint16(at, little)),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
  i1: (view, at) => view.getInt8(at),
  u1: (view, at) => view.getUint8(at),
  i2: (view, at, little) => view.getInt16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
};

/** IEEE 754 binary16. */
export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** A list of texts or whole numbers, as texts. `bytes` is the whole file. @throws UnreadableFile */
export function decodeNames(bytes: Uint8Array, header: NumpyHeader, what: string): string[] {
  const { type, size, littleEndian, offset, shape } = header;
  const count = shape[0] ?? 0;
  const each = valueBytes(header);
  if (offset + count * each > bytes.length)
    throw new UnreadableFile(`${what} breaks off before its last name. Copy the file again.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: count }, (_, row) => {
    const at = offset + row * each;
    if (type === "S") return new TextDecoder().decode(bytes.subarray(at, at + size)).replace(/\0+$/, "");
    if (type === "U") {
      let name = "";
      for (let place = 0; place < size; place++) {
        const point = view.getUint32(at + 4 * place, littleEndian);
        if (point === 0 || point > 0x10ffff) break;
        name += String.fromCodePoint(point);
      }
      return name;
    }
    if (size === 8) return String(view.getBigInt64(at, littleEndian));
    return String(readers[`${type}${size}`]?.(view, at, littleEndian) ?? "");
  });
}
