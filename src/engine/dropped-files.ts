// Walks what a person dropped or picked into a flat list of files with their paths, folders included.

export interface DroppedFile {
  /** Relative path with the dropped folder's own name, as `parts/left/0001.jpg`. */
  readonly path: string;
  readonly file: File;
  /** Where it is to stay: what the browser finds it by again. */
  readonly handle?: FileSystemFileHandle;
}

/** Files that operating systems leave in folders and nobody means to import. */
const litter = /(^|\/)(\.[^/]*|Thumbs\.db|desktop\.ini|__MACOSX\/.*)$/i;

export function isLitter(path: string): boolean {
  return litter.test(path);
}

/** Files of an `<input type="file">`, with `webkitdirectory` or without. */
export function filesOfList(list: Iterable<File>): DroppedFile[] {
  return Array.from(list, (file) => ({ path: file.webkitRelativePath || file.name, file })).filter(
    ({ path }) => !isLitter(path),
  );
}

/** Must be called in the drop event itself: the browser empties the transfer right after. */
export function filesOfTransfer(transfer: DataTransfer): Promise<DroppedFile[]> {
  const entries = Array.from(transfer.items, (item) =>
    item.kind === "file" ? item.webkitGetAsEntry() : null,
  );
  const loose = filesOfList(transfer.files);
  if (entries.every((entry) => entry === null)) return Promise.resolve(loose);
  return collect(entries.filter((entry) => entry !== null));
}

async function collect(entries: readonly FileSystemEntry[]): Promise<DroppedFile[]> {
  const found: DroppedFile[] = [];
  // A list of our own: deep folders must not overflow the call stack, nor large ones the arguments of a call.
  const waiting = [...entries];
  for (let at = 0; at < waiting.length; at++) {
    const entry = waiting[at]!;
    const path = entry.fullPath.replace(/^\//, "");
    if (entry.isFile) {
      if (!isLitter(path)) found.push({ path, file: await fileOf(entry as FileSystemFileEntry) });
    } else {
      for (const child of await childrenOf(entry as FileSystemDirectoryEntry)) waiting.push(child);
    }
  }
  return found;
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

async function childrenOf(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = directory.createReader();
  const children: FileSystemEntry[] = [];
  // Chromium hands out a hundred at a time and says it is done with an empty list.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return children;
    children.push(...some);
  }
}
