// Finds the file that a table means: tables name images by name, by path, by address, or without their ending,
// and tools put numbers of their own in front of the names of files they were given.

/** Label Studio puts eight hex digits and a dash before the name of an uploaded file. */
const uploadPrefix = /^[0-9a-f]{8}-/;

/** Files of one name that are told apart one by one. */
const mostCandidates = 2000;

export class FileIndex {
  readonly #paths: readonly string[];
  readonly #byPath = new Map<string, number[]>();
  readonly #byName = new Map<string, number[]>();
  readonly #byStem = new Map<string, number[]>();

  /** @param paths relative, with forward slashes. */
  constructor(paths: readonly string[]) {
    this.#paths = paths.map(folded);
    for (const [place, path] of this.#paths.entries()) {
      const name = nameIn(path);
      add(this.#byPath, path, place);
      add(this.#byName, name, place);
      add(this.#byStem, stemOf(name), place);
    }
  }

  /**
   * Place of the path meant, or why there is none.
   * @param folder where the table lies: a name is looked for there first.
   */
  find(named: string, folder = ""): number | "none" | "several" {
    let found: "none" | "several" = "none";
    for (const wanted of readings(named)) {
      const name = nameIn(wanted);
      const candidates =
        this.#byName.get(name) ??
        this.#byName.get(name.replace(uploadPrefix, "")) ??
        this.#byStem.get(name) ??
        this.#byStem.get(name.replace(uploadPrefix, ""));
      const place = candidates ? this.#choose(candidates, wanted, folded(folder)) : "none";
      if (typeof place === "number") return place;
      if (place === "several") found = place;
    }
    return found;
  }

  #choose(candidates: readonly number[], wanted: string, folder: string): number | "several" {
    if (candidates.length === 1) return candidates[0]!;
    const exact = (folder && this.#byPath.get(`${folder}/${wanted}`)) || this.#byPath.get(wanted);
    if (exact?.length === 1) return exact[0]!;
    // Or a table of many names of which each is many files would take quadratic time.
    if (candidates.length > mostCandidates) return "several";
    const beside = folder === "" ? wanted : `${folder}/${wanted}`;
    const same = candidates.filter((place) => sameFile(this.#paths[place]!, beside));
    if (same.length === 1) return same[0]!;
    const ending = candidates.filter((place) => endsLike(this.#paths[place]!, wanted));
    if (ending.length === 1) return ending[0]!;
    const within = ending.filter((place) => this.#paths[place]!.startsWith(`${folder}/`));
    return within.length === 1 ? within[0]! : "several";
  }
}

/** As it stands; as an address; with its escapes undone. */
function readings(named: string): string[] {
  const plain = folded(named.trim());
  const local = /[?&]d=([^&]+)/.exec(plain)?.[1];
  const path = /^[a-z][a-z0-9+.-]*:\/\//.test(plain) ? plain.replace(/^[^:]+:\/\/[^/]*\/?/, "") : plain;
  const bare = path.replace(/[?#].*$/, "");
  return [...new Set([plain, ...(local ? [unescaped(local)] : []), path, bare, unescaped(bare)])].filter(
    Boolean,
  );
}

function unescaped(text: string): string {
  try {
    return folded(decodeURIComponent(text));
  } catch {
    // A percent sign that is part of the name.
    return text;
  }
}

function folded(path: string): string {
  return path
    .normalize("NFC")
    .replaceAll("\\", "/")
    .replace(/^(\.?\/)+/, "")
    .toLowerCase();
}

function nameIn(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function stemOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(0, dot) : name;
}

function sameFile(path: string, wanted: string): boolean {
  return path === wanted || stemOf(path) === wanted;
}

function endsLike(path: string, wanted: string): boolean {
  return sameFile(path, wanted) || path.endsWith(`/${wanted}`) || stemOf(path).endsWith(`/${wanted}`);
}

function add(index: Map<string, number[]>, key: string, place: number): void {
  const places = index.get(key);
  if (places) places.push(place);
  else index.set(key, [place]);
}
