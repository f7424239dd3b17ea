// Makes what is stored of one image or text out of its bytes, with the labels that came along.

import type { AnswerEvent } from "../../src/core/event";
import type { ItemId, ProjectId } from "../../src/core/ids";
import { givenEvents, type Given, type GivenLabels } from "../../src/formats/given-events";
import type { TextRow } from "../../src/formats/reader";
import type { NewItem } from "../../src/storage/item-store";
import type { ImageSource } from "../api";
import { hashBytes } from "./hash";
import { prepareImage } from "./prepare-image";

/** @throws UnusableImage */
export async function newImage(
  projectId: ProjectId,
  source: ImageSource,
  { bytes, itemId }: { readonly bytes: ArrayBuffer; readonly itemId: ItemId },
  labels: GivenLabels | null,
  nextId: () => string,
): Promise<NewItem> {
  const name = source.path.slice(source.path.lastIndexOf("/") + 1);
  const image = await prepareImage(source.path, bytes);
  return {
    item: {
      projectId,
      itemId,
      kind: "image",
      name,
      path: source.path,
      sizeBytes: bytes.byteLength,
      type: image.type,
      width: image.width,
      height: image.height,
      given: source.given,
      addedAt: Date.now(),
    },
    bytes,
    ...linkOf(source),
    thumbnail: image.thumbnail,
    ...givenEvents(projectId, itemId, source, labels, nextId, Date.now()),
  };
}

function linkOf(source: ImageSource): Pick<NewItem, "file"> {
  if (!("file" in source) || !source.handle) return {};
  const { file, handle } = source;
  return { file: { handle, sizeBytes: file.size, modifiedAt: file.lastModified } };
}

export async function newText(
  projectId: ProjectId,
  { name, path }: Pick<NewItem["item"], "name" | "path">,
  row: Omit<TextRow, "place">,
  labels: GivenLabels | null,
  nextId: () => string,
): Promise<NewItem> {
  const { text, given } = row;
  const bytes = new TextEncoder().encode(text).buffer as ArrayBuffer;
  const itemId: ItemId = await hashBytes(bytes);
  return {
    item: {
      projectId,
      itemId,
      kind: "text",
      name,
      path,
      sizeBytes: bytes.byteLength,
      type: "text/plain",
      width: 0,
      height: 0,
      given,
      addedAt: Date.now(),
    },
    bytes,
    thumbnail: null,
    ...givenEvents(projectId, itemId, row, labels, nextId, Date.now()),
  };
}

/** What came along for an item that is stored already, oldest first. */
export function answersOf(
  projectId: ProjectId,
  itemId: ItemId,
  source: Given,
  labels: GivenLabels | null,
  nextId: () => string,
): { readonly answers?: readonly AnswerEvent[] } {
  const { label, earlier } = givenEvents(projectId, itemId, source, labels, nextId, Date.now());
  return label ? { answers: [...earlier, label] } : {};
}
