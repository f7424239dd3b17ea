// The class name an image brings along in the folder it lies in.

/** Folders that say what a file is for, not what it shows; they are never a class. */
const splitFolders = new Set(
  "train training test testing val valid validation dev eval holdout hold-out unlabelled unlabeled".split(
    " ",
  ),
);

/**
 * The folder the file lies in is its class: `root/cat/1.jpg` and `train/cat/1.jpg` give "cat". Files at the top
 * have none, nor have files straight in a split folder (`root/train/1.jpg`) or at the top of an archive
 * (`photos.zip/1.jpg`).
 * @param shared the folder all files lie in, from `commonFolder`: a dropped folder of photos is not a class.
 */
export function givenFromPath(path: string, shared = ""): string | null {
  const inner = shared !== "" && path.startsWith(`${shared}/`) ? path.slice(shared.length + 1) : path;
  const folders = inner.split("/").slice(0, -1);
  const parent = folders.at(-1)?.trim() ?? "";
  if (parent === "" || parent === "." || /\.zip$/i.test(parent)) return null;
  return splitFolders.has(parent.toLowerCase()) ? null : parent;
}

/** The longest folder path that all files are in; "" where there is none. */
export function commonFolder(paths: Iterable<string>): string {
  let common: string[] | null = null;
  for (const path of paths) {
    const folders = path.split("/").slice(0, -1);
    if (common === null) common = folders;
    else {
      let same = 0;
      while (same < common.length && common[same] === folders[same]) same++;
      common.length = same;
    }
    if (common.length === 0) break;
  }
  return common?.join("/") ?? "";
}
