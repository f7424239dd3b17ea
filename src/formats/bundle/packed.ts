// Plain data with typed arrays in it as one run of bytes: a JSON head, and the arrays behind it as they are.
// Used for models, embeddings and what encoders learnt, which JSON would bloat and round.

import { BundleDamaged } from "./damaged";

const arrayTypes = {
  Float32Array,
  Float64Array,
  Int8Array,
  Int16Array,
  Int32Array,
  Uint8Array,
  Uint16Array,
  Uint32Array,
} as const;
type ArrayName = keyof typeof arrayTypes;

/** Every array begins at a multiple of this, which suits all types. */
const alignment = 8;
const arrayKey = "$array";
const numberKey = "$number";

/** Little-endian: head length as uint32, head, padding, arrays. @throws where the data holds anything else. */
export function pack(data: unknown): Uint8Array<ArrayBuffer> {
  const arrays: Uint8Array[] = [];
  let at = 0;
  const place = (value: ArrayBufferView, name: string, length: number): unknown => {
    const described = { [arrayKey]: [name, at, length] };
    arrays.push(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    at += padded(value.byteLength);
    return described;
  };
  const plain = (value: unknown): unknown => {
    if (typeof value === "number" && !Number.isFinite(value)) return { [numberKey]: String(value) };
    if (typeof value !== "object" || value === null) return value;
    if (value instanceof ArrayBuffer) return place(new Uint8Array(value), "ArrayBuffer", value.byteLength);
    const name = value.constructor.name;
    if (ArrayBuffer.isView(value) && name in arrayTypes)
      return place(value, name, (value as Float32Array).length);
    if (Array.isArray(value)) return value.map(plain);
    if (Object.getPrototypeOf(value) !== Object.prototype)
      throw new Error(`A ${name} cannot be written into a bundle.`);
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
  };
  const head = new TextEncoder().encode(JSON.stringify(plain(data)));
  const start = padded(4 + head.length);
  const bytes = new Uint8Array(start + at);
  new DataView(bytes.buffer).setUint32(0, head.length, true);
  bytes.set(head, 4);
  let next = start;
  for (const part of arrays) {
    bytes.set(part, next);
    next += padded(part.length);
  }
  return bytes;
}

/** @throws BundleDamaged, naming `path`, where the bytes are not what `pack` makes. */
export function unpack(bytes: Uint8Array<ArrayBuffer>, path: string): unknown {
  const headLength =
    bytes.length < 4 ? Infinity : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (4 + headLength > bytes.length) throw new BundleDamaged(path, "ends too early");
  const body = bytes.subarray(Math.min(bytes.length, padded(4 + headLength)));
  const whole = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map(whole);
    if (arrayKey in value) return arrayOf(value[arrayKey], body, path);
    if (numberKey in value) return Number(value[numberKey]);
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, whole(one)]));
  };
  return whole(parse(bytes.subarray(4, 4 + headLength), path));
}

function arrayOf(described: unknown, body: Uint8Array<ArrayBuffer>, path: string): unknown {
  const [name, at, length] = Array.isArray(described) ? (described as unknown[]) : [];
  const Type =
    name === "ArrayBuffer"
      ? Uint8Array
      : Object.hasOwn(arrayTypes, String(name)) && arrayTypes[name as ArrayName];
  const inside =
    Type &&
    Number.isSafeInteger(at) &&
    Number.isSafeInteger(length) &&
    (at as number) >= 0 &&
    (length as number) >= 0 &&
    (at as number) + (length as number) * Type.BYTES_PER_ELEMENT <= body.length;
  if (!inside) throw new BundleDamaged(path, "describes numbers that are not in it");
  const from = at as number;
  // A copy, so that one array does not keep the whole file in memory, and is aligned wherever the file lies.
  const copy = body.slice(from, from + (length as number) * Type.BYTES_PER_ELEMENT).buffer;
  return name === "ArrayBuffer" ? copy : new Type(copy);
}

function parse(head: Uint8Array, path: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(head));
  } catch {
    throw new BundleDamaged(path, "cannot be read");
  }
}

function padded(length: number): number {
  return Math.ceil(length / alignment) * alignment;
}
