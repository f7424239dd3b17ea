// Folders the browser remembers (File System Access): picked once, read again after the tab died, with one click
// that allows it. Only Chromium-based browsers have them.

import { isLitter, unopened, type Dropped, type DroppedFile, type Unopened } from "./dropped-files";

/** What the DOM types of TypeScript do not have yet. */
interface PickingWindow {
  showDirectoryPicker?(options: { readonly mode: "read" }): Promise<FileSystemDirectoryHandle>;
}
interface AskingHandle {
  queryPermission?(options: { readonly mode: "read" }): Promise<PermissionState>;
  requestPermission?(options: { readonly mode: "read" }): Promise<PermissionState>;
}

export function canLinkFolders(): boolean {
  return typeof (globalThis as PickingWindow).showDirectoryPicker === "function";
}

/** Must be called in a click. null where the person picked none. */
export async function pickFolder(): Promise<FileSystemDirectoryHandle | null> {
  try {
    return (await (globalThis as PickingWindow).showDirectoryPicker?.({ mode: "read" })) ?? null;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return null;
    throw error;
  }
}

/** Must be called in a click, because the browser asks the person. */
export async function mayRead(folder: FileSystemDirectoryHandle): Promise<boolean> {
  const asked = await (folder as AskingHandle).requestPermission?.({ mode: "read" });
  return asked === undefined || asked === "granted";
}

/** Whether the browser lets the page read it without asking. */
export async function isReadable(folder: FileSystemDirectoryHandle): Promise<boolean> {
  const state = await (folder as AskingHandle).queryPermission?.({ mode: "read" });
  return state === undefined || state === "granted";
}

/**
 * @param inPlace with the handles, for files that are to stay.
 * @throws where the folder itself was moved or deleted; what inside it cannot be opened is named.
 */
export async function filesOfFolder(folder: FileSystemDirectoryHandle, inPlace = false): Promise<Dropped> {
  const files: DroppedFile[] = [];
  const faults: Unopened[] = [];
  // A list of our own: deep folders must not overflow the call stack.
  const waiting: { readonly path: string; readonly folder: FileSystemDirectoryHandle }[] = [
    { path: folder.name, folder },
  ];
  for (let at = 0; at < waiting.length; at++) {
    const { path, folder: inside } = waiting[at]!;
    try {
      for await (const entry of inside.values()) {
        const entryPath = `${path}/${entry.name}`;
        if (isLitter(entryPath)) continue;
        if (entry.kind === "directory") waiting.push({ path: entryPath, folder: entry });
        else {
          const file = await entry.getFile().catch(() => null);
          if (file) files.push({ path: entryPath, file, ...(inPlace && { handle: entry }) });
          else faults.push(unopened(entryPath, "file"));
        }
      }
    } catch (error) {
      if (inside === folder) throw error;
      faults.push(unopened(path, "folder"));
    }
  }
  return { files, unopened: faults };
}
