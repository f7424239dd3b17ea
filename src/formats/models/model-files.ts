// The files of a model as they were picked: found by path, read when needed. Names what is missing.

export interface ModelFile {
  /** As picked, with the folder's own name. */
  readonly path: string;
  readonly file: Blob;
}

/** The files are no model that can be used here; the message is the sentence for the person. */
export class UnusableModel extends Error {
  override readonly name = "UnusableModel";
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

/** The files below one folder, by their path inside it. */
export class ModelFolder {
  readonly #files: ReadonlyMap<string, Blob>;

  constructor(
    readonly name: string,
    files: Iterable<readonly [path: string, file: Blob]>,
  ) {
    this.#files = new Map(files);
  }

  static below(files: readonly ModelFile[], root: string): ModelFolder {
    const inside = files.filter(({ path }) => path.startsWith(root));
    const name = root === "" ? "" : baseName(root.slice(0, -1));
    return new ModelFolder(
      name,
      inside.map(({ path, file }) => [path.slice(root.length), file] as const),
    );
  }

  get paths(): string[] {
    return [...this.#files.keys()];
  }

  has(path: string): boolean {
    return this.#files.has(path);
  }

  sizeOf(path: string): number {
    return this.#files.get(path)?.size ?? 0;
  }

  blob(path: string): Blob {
    const file = this.#files.get(path);
    if (!file)
      throw new UnusableModel(
        `The model needs the file ${path}, which is not there. Choose its whole folder.`,
      );
    return file;
  }

  /** @throws UnusableModel where the file is missing or can no longer be read. */
  async bytes(path: string): Promise<ArrayBuffer> {
    const file = this.blob(path);
    try {
      return await file.arrayBuffer();
    } catch (error) {
      throw new UnusableModel(
        `${path} could not be read. Was it moved or changed meanwhile? Choose the folder again.`,
        {
          cause: error,
        },
      );
    }
  }

  /** @throws UnusableModel where it is missing or no JSON object. */
  async json(path: string): Promise<Record<string, unknown>> {
    const text = new TextDecoder().decode(await this.bytes(path));
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      throw new UnusableModel(
        `${path} is damaged or cut off: it is not readable as JSON. Copy it again from where it came.`,
        {
          cause: error,
        },
      );
    }
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw new UnusableModel(
        `${path} is not what a model keeps under that name. Was another file given its name?`,
      );
    return value as Record<string, unknown>;
  }
}
