// Walks what a person dropped or picked into a flat list of files with their paths, folders included. What cannot be
// opened is named and does not keep the rest out.

import { piecemeal } from "./piecemeal";

export interface DroppedFile {
  /** Relative path with the dropped folder's own name, as `parts/left/0001.jpg`. */
  readonly path: string;
  readonly file: File;
  /** Where it is to stay: what the browser finds it by again. */
  readonly handle?: FileSystemFileHandle;
}

/** A file or folder that the browser or the system would not open. */
export interface Unopened {
  readonly path: string;
  /** A sentence. */
  readonly message: string;
}

export interface Dropped {
  readonly files: readonly DroppedFile[];
  readonly unopened: readonly Unopened[];
}

export function unopened(path: string, what: "file" | "folder"): Unopened {
  const message =
    what === "file"
      ? `${path} could not be opened; it was left out. Look whether it is still there and you may open it, then add it again.`
      : `The folder ${path} could not be read to its end; what was not seen of it was left out. Look whether it is still there and you may open it, then add it again.`;
  return { path, message };
}

/** For what is of no use with a part missing. @throws where something could not be opened, naming the first. */
export async function allOf(dropped: Promise<Dropped>): Promise<readonly DroppedFile[]> {
  const { files, unopened } = await dropped;
  if (unopened[0]) throw new Error(unopened[0].message);
  return files;
}

/** Files that operating systems leave in folders and nobody means to import. */
const litter = /(^|\/)(\.[^/]*|Thumbs\.db|desktop\.ini|__MACOSX\/.*)$/i;

export function isLitter(path: string): boolean {
  return litter.test(path);
}

/** Files of an `<input type="file">`, with `webkitdirectory` or without. */
export async function filesOfList(list: readonly File[]): Promise<DroppedFile[]> {
  const files: DroppedFile[] = [];
  await piecemeal(list, (file) => {
    const path = file.webkitRelativePath || file.name;
    if (!isLitter(path)) files.push({ path, file });
  });
  return files;
}

/** The same, as a drop would give them. */
export async function droppedOfList(list: readonly File[]): Promise<Dropped> {
  return { files: await filesOfList(list), unopened: [] };
}

/** Must be called in the drop event itself: the browser empties the transfer right after. */
export function filesOfTransfer(transfer: DataTransfer): Promise<Dropped> {
  const entries = Array.from(transfer.items, (item) =>
    item.kind === "file" ? item.webkitGetAsEntry() : null,
  );
  const found = entries.filter((entry) => entry !== null);
  return found.length > 0 ? collect(found) : droppedOfList([...transfer.files]);
}

async function collect(entries: readonly FileSystemEntry[]): Promise<Dropped> {
  const files: DroppedFile[] = [];
  const faults: Unopened[] = [];
  // A list of our own: deep folders must not overflow the call stack, nor large ones the arguments of a call.
  const waiting = [...entries];
  for (let at = 0; at < waiting.length; at++) {
    const entry = waiting[at]!;
    const path = entry.fullPath.replace(/^\//, "");
    if (entry.isFile && isLitter(path)) continue;
    try {
      if (entry.isFile) files.push({ path, file: await fileOf(entry as FileSystemFileEntry) });
      else for await (const child of childrenOf(entry as FileSystemDirectoryEntry)) waiting.push(child);
    } catch {
      faults.push(unopened(path, entry.isFile ? "file" : "folder"));
    }
  }
  return { files, unopened: faults };
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

async function* childrenOf(directory: FileSystemDirectoryEntry): AsyncGenerator<FileSystemEntry> {
  const reader = directory.createReader();
  // Chromium hands out a hundred at a time and says it is done with an empty list.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return;
    yield* some;
  }
}
