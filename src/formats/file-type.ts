// Tells what a file is from its first bytes, whatever its name says, and puts what is wrong with it into a
// sentence.

import { sniffEncoding } from "./encoding";
import { imageSize } from "./image-size";

export interface FileType {
  readonly id:
    | "jpeg"
    | "png"
    | "webp"
    | "gif"
    | "bmp"
    | "avif"
    | "tiff"
    | "heic"
    | "svg"
    | "pdf"
    | "zip"
    | "xlsx"
    | "gzip"
    | "text";
  /** As in a sentence: "a JPEG image". */
  readonly label: string;
  readonly mime: string;
  /** "image" only where browsers decode it in a worker. */
  readonly kind: "image" | "text" | "archive" | "other";
  /** What to do with a file of this kind that cannot go in. */
  readonly remedy: string;
}

/**
 * How much of a file to pass to everything here. A JPEG's size lies behind its metadata, which with thumbnails
 * and colour profiles can be large.
 */
export const fileHeadBytes = 256 * 1024;

const types = {
  jpeg: image("jpeg", "a JPEG image", "image/jpeg"),
  png: image("png", "a PNG image", "image/png"),
  webp: image("webp", "a WebP image", "image/webp"),
  gif: image("gif", "a GIF image", "image/gif"),
  bmp: image("bmp", "a BMP image", "image/bmp"),
  avif: image("avif", "an AVIF image", "image/avif"),
  tiff: other("tiff", "a TIFF image", "image/tiff", "Convert it to PNG or JPEG."),
  heic: other("heic", "a HEIC image", "image/heic", "Convert it to JPEG or PNG."),
  svg: other("svg", "an SVG drawing", "image/svg+xml", "Export it as PNG."),
  pdf: other(
    "pdf",
    "a PDF document",
    "application/pdf",
    "Export its pages as PNG or JPEG, or its text as TXT.",
  ),
  zip: {
    ...other("zip", "a zip archive", "application/zip", "Import it as an archive, ending in .zip."),
    kind: "archive",
  },
  xlsx: other("xlsx", "an Excel workbook", "application/vnd.ms-excel", "Save the sheet as CSV (UTF-8)."),
  gzip: other("gzip", "a gzip archive", "application/gzip", "Unpack it first."),
  text: { ...other("text", "text", "text/plain", "Import it as CSV, TSV, JSONL or TXT."), kind: "text" },
} satisfies Record<FileType["id"], FileType>;

const imageExtensions = /\.(jpe?g|jpe|jfif|png|apng|webp|gif|bmp|avif|tiff?|hei[cf]|svg)$/i;
const textExtensions = /\.(csv|tsv|tab|txt|text|jsonl|ndjson|json)$/i;

/** null where the bytes are of no kind known here. */
export function recognise(bytes: Uint8Array): FileType | null {
  if (starts(bytes, 0xff, 0xd8, 0xff)) return types.jpeg;
  if (starts(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return types.png;
  const four = latin(bytes, 0, 4);
  if (four === "RIFF" && latin(bytes, 8, 12) === "WEBP") return types.webp;
  if (/^GIF8[79]a/.test(latin(bytes, 0, 6))) return types.gif;
  // The pixel offset behind the signature must make sense: plenty of texts begin with "BM".
  if (four.startsWith("BM") && bytes.length >= 14 && bytes[12] === 0 && bytes[13] === 0) return types.bmp;
  if (latin(bytes, 4, 8) === "ftyp") return brand(bytes);
  if (starts(bytes, 0x49, 0x49, 0x2a, 0) || starts(bytes, 0x4d, 0x4d, 0, 0x2a)) return types.tiff;
  if (four === "%PDF") return types.pdf;
  if (starts(bytes, 0x1f, 0x8b)) return types.gzip;
  if (starts(bytes, 0x50, 0x4b, 3, 4) || starts(bytes, 0x50, 0x4b, 5, 6))
    return /\[Content_Types\]\.xml|xl\//.test(latin(bytes, 30, 80)) ? types.xlsx : types.zip;
  if (!isText(bytes)) return null;
  // `-{2}`: as it is written in markup, it could not stand in a script of a page, where this is put too.
  return /^\uFEFF?\s*(<\?xml[^>]*>\s*)?(<!-{2}[\s\S]*?-->\s*)?(<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/i.test(
    new TextDecoder().decode(bytes.subarray(0, 2048)),
  )
    ? types.svg
    : types.text;
}

/**
 * What is wrong with a file as it is named and as it begins, or null where it can go on to be decoded.
 * @param bytes the file's beginning, `fileHeadBytes` of it.
 */
export function describeMismatch(name: string, bytes: Uint8Array): string | null {
  if (bytes.length === 0) return `${name} is empty (0 bytes); it was left out.`;
  const type = recognise(bytes);
  if (type?.kind === "other") {
    const reason =
      imageExtensions.test(name) || !textExtensions.test(name)
        ? "which browsers cannot show here"
        : "not a table or text";
    return `${name} is ${type.label}, ${reason}; it was left out. ${type.remedy}`;
  }
  if (imageExtensions.test(name)) return describeImage(name, type, bytes);
  if (textExtensions.test(name) && type?.kind !== "text")
    return type === null
      ? `${name} is named like a text file but holds no text; it was left out.`
      : `${name} is named like a text file but holds ${type.label}; it was left out. Rename it to what it is.`;
  if (/\.zip$/i.test(name) && type?.kind !== "archive")
    return `${name} is named like a zip archive but is none; it was left out. Download or make it again.`;
  const unreadable = type === null || (type.kind === "archive" && !/\.zip$/i.test(name));
  return unreadable ? `${name} is of a kind that cannot be read here; it was left out.` : null;
}

function describeImage(name: string, type: FileType | null, bytes: Uint8Array): string | null {
  if (type === null || type.kind !== "image") {
    const what = type === null ? "is damaged or no image" : `holds ${type.label}, not an image`;
    return `${name} ${what}; it was left out.`;
  }
  // A whole file this short has no room for pixels; a head cut at fileHeadBytes is far longer.
  if (bytes.length < 4096 && imageSize(bytes) === null)
    return `${name} breaks off before its size is known (${bytes.length} bytes); it was left out. Copy it again from where it came.`;
  return null;
}

function brand(bytes: Uint8Array): FileType | null {
  const end = Math.min(bytes.length, 64, new DataView(bytes.buffer, bytes.byteOffset).getUint32(0));
  const brands = latin(bytes, 8, end);
  if (/avif|avis/.test(brands)) return types.avif;
  return /hei[cxms]|hev[cxm]|mif1|msf1/.test(brands) ? types.heic : null;
}

function isText(bytes: Uint8Array): boolean {
  try {
    sniffEncoding(bytes.subarray(0, 4096));
    return true;
  } catch {
    // Its way of saying that no reader would take this for text.
    return false;
  }
}

function image(id: FileType["id"], label: string, mime: string): FileType {
  return { id, label, mime, kind: "image", remedy: "" };
}

function other(id: FileType["id"], label: string, mime: string, remedy: string): FileType {
  return { id, label, mime, kind: "other", remedy };
}

function starts(bytes: Uint8Array, ...signature: number[]): boolean {
  return bytes.length >= signature.length && signature.every((byte, at) => bytes[at] === byte);
}

function latin(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end));
}
