// File and folder names that every system can store and that show what they are. Names come from strangers
// and from class names people type.

/** File systems allow 255 bytes; what is left is for numbers, and for the folders archives are unpacked into. */
const maxBytes = 120;
const reserved = /^(con|prn|aux|nul|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])(\.|$)/i;
/**
 * Control and format characters (among them those that reverse the direction of writing), lone surrogates,
 * what Windows forbids, and what looks like a slash.
 */
const unsafe =
  /[\p{Cc}\p{Cs}<>:"/\\|?*\u2044\u2215\u29f5\u29f8\ufe68\uff0f\uff3c\u2028\u2029]|(?!\u200d)\p{Cf}/gu;

/** A name without folders; `fallback` where nothing of it can stay. */
export function safeName(raw: string, fallback: string): string {
  let name = raw.normalize("NFC").replace(unsafe, "_");
  // Windows drops dots and spaces at the end; a dot at the beginning hides the file.
  name = name.replace(/^[\s.]+|[\s.]+$/g, "");
  if (name === "") return fallback;
  if (reserved.test(name)) name = `_${name}`;
  return shortened(name);
}

/**
 * Names no other name equals, in the eyes of file systems that ignore case and Unicode form: "a.jpg", "A-2.jpg".
 */
export class UniqueNames {
  readonly #taken = new Set<string>();
  /** Where counting stopped for a name, so that 100,000 of the same take linear time. */
  readonly #next = new Map<string, number>();

  take(name: string): string {
    const key = folded(name);
    if (!this.#taken.has(key)) {
      this.#taken.add(key);
      return name;
    }
    const [stem, extension] = split(name);
    for (let number = this.#next.get(key) ?? 2; ; number++) {
      const candidate = `${stem}-${number}${extension}`;
      if (this.#taken.has(folded(candidate))) continue;
      this.#taken.add(folded(candidate));
      this.#next.set(key, number + 1);
      return candidate;
    }
  }
}

function folded(name: string): string {
  return name.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC");
}

/** Cuts the stem, by whole characters, and keeps the extension. */
function shortened(name: string): string {
  const bytes = (text: string) => new TextEncoder().encode(text).length;
  if (bytes(name) <= maxBytes) return name;
  const [stem, extension] = split(name);
  let kept = "";
  let size = bytes(extension);
  for (const character of stem) {
    size += bytes(character);
    if (size > maxBytes) break;
    kept += character;
  }
  return `${kept.replace(/[\s.]+$/, "")}${extension}`;
}

/** Extensions longer than ten characters are part of the name. */
function split(name: string): [stem: string, extension: string] {
  const dot = name.lastIndexOf(".");
  return dot > 0 && name.length - dot <= 11 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
}
