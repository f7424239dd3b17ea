// Reads an image's width and height out of its header, without decoding a pixel, so that an image too large
// for memory is refused before anything tries. Headers come from strangers: every offset is checked.

export interface ImageSize {
  /** Pixels as stored; a photo turned by its EXIF orientation swaps the two when shown. */
  readonly width: number;
  readonly height: number;
}

/** null where the header is none of JPEG, PNG, GIF, WebP, BMP and AVIF, or breaks off too early. */
export function imageSize(bytes: Uint8Array): ImageSize | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const size = measure(view);
    return size !== null && size.width > 0 && size.height > 0 ? size : null;
  } catch (error) {
    // DataView's word for a header that ends too early.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function measure(view: DataView): ImageSize | null {
  if (view.getUint16(0) === 0xffd8) return jpeg(view);
  const start = view.getUint32(0);
  if (start === 0x89504e47) return ascii(view, 12, 4) === "IHDR" ? at32(view, 16, 20) : null;
  if (ascii(view, 0, 4) === "GIF8")
    return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
  if (ascii(view, 0, 4) === "RIFF" && ascii(view, 8, 4) === "WEBP") return webp(view);
  if (ascii(view, 0, 2) === "BM") return bmp(view);
  if (ascii(view, 4, 4) === "ftyp") return avif(view);
  return null;
}

/** Walks the segments to the frame header, SOF0 to SOF15 without DHT (C4), JPG (C8) and DAC (CC). */
function jpeg(view: DataView): ImageSize | null {
  let at = 2;
  for (;;) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) at += 1;
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) at += 2;
    else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    // Scan data or the end before any frame: broken.
    else if (marker === 0xda || marker === 0xd9) return null;
    else {
      const length = view.getUint16(at + 2);
      if (length < 2) return null;
      at += 2 + length;
    }
  }
}

function webp(view: DataView): ImageSize | null {
  switch (ascii(view, 12, 4)) {
    case "VP8 ":
      if (view.getUint8(23) !== 0x9d || view.getUint16(24) !== 0x012a) return null;
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    case "VP8L": {
      if (view.getUint8(20) !== 0x2f) return null;
      const bits = view.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case "VP8X":
      return { width: 1 + at24(view, 24), height: 1 + at24(view, 27) };
    default:
      return null;
  }
}

function bmp(view: DataView): ImageSize {
  // The OS/2 header of 12 bytes has 16-bit sizes. A negative height means rows from top to bottom.
  if (view.getUint32(14, true) === 12)
    return { width: view.getUint16(18, true), height: view.getUint16(20, true) };
  return { width: Math.abs(view.getInt32(18, true)), height: Math.abs(view.getInt32(22, true)) };
}

/** The largest `ispe` in meta/iprp/ipco: a file also lists thumbnails, tiles and alpha planes. */
function avif(view: DataView): ImageSize | null {
  const meta = box(view, 0, view.byteLength, "meta");
  // meta is a full box: four bytes of version and flags come before its children.
  const iprp = meta && box(view, meta.start + 4, meta.end, "iprp");
  const ipco = iprp && box(view, iprp.start, iprp.end, "ipco");
  let best: ImageSize | null = null;
  for (let from = ipco?.start; ipco && from !== undefined;) {
    const ispe = box(view, from, ipco.end, "ispe");
    if (ispe === null) break;
    const size = at32(view, ispe.start + 4, ispe.start + 8);
    if (best === null || size.width * size.height > best.width * best.height) best = size;
    from = ispe.end;
  }
  return best;
}

function box(
  view: DataView,
  from: number,
  to: number,
  name: string,
): { readonly start: number; readonly end: number } | null {
  for (let at = from; at + 8 <= Math.min(to, view.byteLength);) {
    const length = view.getUint32(at);
    // 0 means to the end of the file. 64-bit lengths (1) are for films, and less than a header is broken.
    const end = length === 0 ? to : at + length;
    if (end < at + 8) return null;
    if (ascii(view, at + 4, 4) === name) return { start: at + 8, end };
    at = end;
  }
  return null;
}

function at32(view: DataView, width: number, height: number): ImageSize {
  return { width: view.getUint32(width), height: view.getUint32(height) };
}

function at24(view: DataView, at: number): number {
  return view.getUint16(at, true) + view.getUint8(at + 2) * 0x10000;
}

function ascii(view: DataView, at: number, length: number): string {
  let text = "";
  for (let place = 0; place < length; place++) text += String.fromCharCode(view.getUint8(at + place));
  return text;
}
