// What was dropped or linked, with files and folders in it that will not open: each is named, and the rest goes in.

import { expect, test } from "vitest";
import { allOf, filesOfTransfer } from "../../src/engine/dropped-files";
import { filesOfFolder } from "../../src/engine/linked-folder";
import { planImport } from "../../src/state/import-plan";

const refused = () => new DOMException("A requested file could not be read.", "NotReadableError");

interface Tree {
  readonly [name: string]: Tree | "sound" | "broken";
}
/** Its own listing breaks after what is in it. */
const breaks = "listing breaks";

const tree: Tree = {
  cat: { "1.jpg": "sound", "2.jpg": "broken", "3.jpg": "sound", ".DS_Store": "broken" },
  dog: { "4.jpg": "sound", [breaks]: "broken" },
};

/** As a browser hands out a dropped folder; children come one at a time. */
function entryOf(fullPath: string, node: Tree | "sound" | "broken"): FileSystemEntry {
  const name = fullPath.slice(fullPath.lastIndexOf("/") + 1);
  if (typeof node === "string")
    return {
      isFile: true,
      fullPath,
      file: (taken: (file: File) => void, failed: (error: DOMException) => void) =>
        node === "sound" ? taken(new File([name], name)) : failed(refused()),
    } as unknown as FileSystemEntry;
  const children = Object.entries(node);
  const createReader = () => {
    let at = 0;
    return {
      readEntries: (taken: (some: FileSystemEntry[]) => void, failed: (error: DOMException) => void) => {
        const child = children[at++];
        if (child?.[0] === breaks) failed(refused());
        else taken(child ? [entryOf(`${fullPath}/${child[0]}`, child[1])] : []);
      },
    };
  };
  return { isFile: false, fullPath, createReader } as unknown as FileSystemEntry;
}

function handleOf(name: string, node: Tree | "sound" | "broken"): FileSystemHandle {
  if (typeof node === "string")
    return {
      kind: "file",
      name,
      getFile: () => (node === "sound" ? Promise.resolve(new File([name], name)) : Promise.reject(refused())),
    } as unknown as FileSystemHandle;
  async function* values() {
    for (const [child, inside] of Object.entries(node as Tree)) {
      if (child === breaks) throw refused();
      yield handleOf(child, inside);
    }
  }
  return { kind: "directory", name, values } as unknown as FileSystemHandle;
}

const transferOf = (node: Tree) =>
  ({
    items: [{ kind: "file", webkitGetAsEntry: () => entryOf("/pets", node) }],
    files: [],
  }) as unknown as DataTransfer;
const folderOf = (node: Tree) => handleOf("pets", node) as FileSystemDirectoryHandle;

test.each([
  ["dropped", () => filesOfTransfer(transferOf(tree))],
  ["linked", () => filesOfFolder(folderOf(tree))],
])("what is %s goes in but for what cannot be opened, which is named", async (_, read) => {
  const dropped = await read();
  expect(dropped.files.map(({ path }) => path)).toEqual([
    "pets/cat/1.jpg",
    "pets/cat/3.jpg",
    "pets/dog/4.jpg",
  ]);
  expect(dropped.unopened.map(({ path }) => path).sort()).toEqual(["pets/cat/2.jpg", "pets/dog"]);
  const plan = await planImport("image", dropped);
  expect(plan.images.map(({ given }) => given)).toEqual(["cat", "cat", "dog"]);
  expect(plan.problems.map(({ message }) => message).sort()).toEqual([
    expect.stringMatching(/^The folder pets\/dog could not be read to its end;/),
    expect.stringMatching(/^pets\/cat\/2\.jpg could not be opened; it was left out\./),
  ]);
});

test("a linked folder that is gone is said to be, not taken for an empty one", async () => {
  await expect(filesOfFolder(folderOf({ [breaks]: "broken" }))).rejects.toMatchObject({
    name: "NotReadableError",
  });
});

test("a model with a part that cannot be opened is refused by the name of the part", async () => {
  const given = filesOfTransfer(transferOf({ "model.json": "sound", "weights.bin": "broken" }));
  await expect(allOf(given)).rejects.toThrow(/^pets\/weights\.bin could not be opened/);
});
