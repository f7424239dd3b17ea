// Files told apart by their first bytes, sized without decoding, and described in sentences.

import { describe, expect, it } from "vitest";
import { createRandom } from "../../src/core/random";
import { describeMismatch, recognise } from "../../src/formats/file-type";
import { imageSize } from "../../src/formats/image-size";
import { images } from "./images";
import { utf16 } from "./read-all";

const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const image = (name: keyof typeof images) => bytes(atob(images[name]));
const sizes = Object.keys(images).filter((name) => name !== "tiff") as (keyof typeof images)[];

describe("recognise", () => {
  it.each([
    ["jpeg", image("jpeg"), "jpeg"],
    ["progressive jpeg", image("jpegProgressive"), "jpeg"],
    ["png", image("png"), "png"],
    ["gif", image("gif"), "gif"],
    ["bmp", image("bmp"), "bmp"],
    ["lossy webp", image("webpLossy"), "webp"],
    ["extended webp", image("webpExtended"), "webp"],
    ["avif", image("avif"), "avif"],
    ["tiff", image("tiff"), "tiff"],
    ["heic", bytes("\0\0\0\x18ftypheic\0\0\0\0mif1heic"), "heic"],
    ["avif behind mif1", bytes("\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf"), "avif"],
    ["svg", bytes('<svg xmlns="http://www.w3.org/2000/svg">'), "svg"],
    ["svg with a prolog", bytes('<?xml version="1.0"?>\n<!-- made by\nhand --><svg>'), "svg"],
    ["html that holds svg", bytes("<html><svg></svg>"), "text"],
    ["pdf", bytes("%PDF-1.7\n"), "pdf"],
    ["zip", bytes("PK\x03\x04\x14\0\0\0\x08\0"), "zip"],
    ["xlsx", bytes(`PK\x03\x04${"\0".repeat(26)}[Content_Types].xml`), "xlsx"],
    ["gzip", bytes("\x1f\x8b\x08"), "gzip"],
    ["text", bytes("hello, world"), "text"],
    ["a text that begins with BM", bytes("BMW drives well enough"), "text"],
    ["UTF-16 text", utf16("hello", true, true), "text"],
    ["noise", Uint8Array.from({ length: 500 }, (_, at) => (at * 41) % 256), undefined],
    ["nothing", new Uint8Array(), undefined],
  ])("%s", (_, head, id) => {
    if (head.length > 0) expect(recognise(head)?.id).toBe(id);
    else expect(describeMismatch("a.png", head)).toBe("a.png is empty (0 bytes); it was left out.");
  });
});

describe("size", () => {
  it.each(sizes)("%s is 37 × 23", (name) =>
    expect(imageSize(image(name))).toEqual({ width: 37, height: 23 }),
  );

  it.each(sizes)("%s cut anywhere gives its size or none", (name) => {
    const whole = image(name);
    for (let end = 0; end < whole.length; end++) {
      const size = imageSize(whole.subarray(0, end));
      if (size !== null) expect(size).toEqual({ width: 37, height: 23 });
    }
  });

  it.each(sizes)("%s with random bytes changed never throws or hangs", (name) => {
    const random = createRandom(3);
    for (let turn = 0; turn < 500; turn++) {
      const broken = image(name);
      for (let change = 0; change < 4; change++) broken[random.integer(broken.length)] = random.integer(256);
      const size = imageSize(broken);
      if (size !== null) expect(Math.min(size.width, size.height)).toBeGreaterThan(0);
      describeMismatch(`a.${name}`, broken);
    }
  });

  it("reads sizes of images far too large to decode", () => {
    const png = image("png");
    new DataView(png.buffer).setUint32(16, 20_000);
    new DataView(png.buffer).setUint32(20, 20_000);
    expect(imageSize(png)).toEqual({ width: 20_000, height: 20_000 });
  });

  it("works inside a larger buffer, and turns bottom-up bitmaps the right way", () => {
    const shifted = new Uint8Array([1, 2, 3, ...image("jpeg")]);
    expect(imageSize(shifted.subarray(3))).toEqual({ width: 37, height: 23 });
    const bmp = image("bmp");
    new DataView(bmp.buffer).setInt32(22, -23, true);
    expect(imageSize(bmp)).toEqual({ width: 37, height: 23 });
  });

  it("has none for text and for zero pixels", () => {
    expect(imageSize(bytes("hello there, this is text"))).toBeNull();
    const gif = image("gif");
    gif.fill(0, 6, 10);
    expect(imageSize(gif)).toBeNull();
  });
});

describe("describeMismatch", () => {
  it("has nothing to say of files that are what they seem", () => {
    for (const name of sizes) expect(describeMismatch("photo.png", image(name))).toBeNull();
    expect(describeMismatch("a.csv", bytes("a,b\n"))).toBeNull();
    expect(describeMismatch("a.csv", utf16("a,b\n1,2\n", true, false))).toBeNull();
    expect(describeMismatch("a.zip", bytes("PK\x03\x04\x14\0\0\0\x08\0"))).toBeNull();
    expect(describeMismatch("README", bytes("text"))).toBeNull();
  });

  it.each([
    ["a.png", bytes("just words"), "a.png holds text, not an image; it was left out."],
    [
      "a.png",
      bytes("\x89PNG\r\n\x1a\n\0\0"),
      "a.png breaks off before its size is known (10 bytes); it was left out. Copy it again from where it came.",
    ],
    [
      "a.jpg",
      bytes("\x01\x02\x03\x04\x05\x06\x07\x08\x0e"),
      "a.jpg is damaged or no image; it was left out.",
    ],
    [
      "a.tif",
      image("tiff"),
      "a.tif is a TIFF image, which browsers cannot show here; it was left out. Convert it to PNG or JPEG.",
    ],
    [
      "a.jpg",
      bytes("\0\0\0\x18ftypheic\0\0\0\0mif1heic"),
      "a.jpg is a HEIC image, which browsers cannot show here; it was left out. Convert it to JPEG or PNG.",
    ],
    [
      "a.csv",
      bytes("%PDF-1.7\n"),
      "a.csv is a PDF document, not a table or text; it was left out. Export its pages as PNG or JPEG, or its text as TXT.",
    ],
    [
      "a.txt",
      image("png"),
      "a.txt is named like a text file but holds a PNG image; it was left out. Rename it to what it is.",
    ],
    [
      "a.zip",
      bytes("<html>404</html>"),
      "a.zip is named like a zip archive but is none; it was left out. Download or make it again.",
    ],
    [
      "a.docx",
      bytes("PK\x03\x04\x14\0\0\0\x08\0"),
      "a.docx is of a kind that cannot be read here; it was left out.",
    ],
  ])("%s", (name, head, sentence) => expect(describeMismatch(name, head)).toBe(sentence));
});
