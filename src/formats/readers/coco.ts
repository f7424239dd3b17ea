// COCO: the categories of an image's annotations are its classes. Boxes and masks are passed over, because the
// app labels whole images.

import type { StopSignal } from "../../core/errors";
import { openText, type TextSource } from "../encoding";
import { jsonElements } from "../json-elements";
import { noProvenance } from "../provenance";
import { overlong, UnreadableFile, type GivenAnswer, type Problem } from "../reader";
import {
  brokenOff,
  parseRecord,
  plainFields,
  toolReader,
  type ToolFound,
  type ToolRecord,
} from "../tool-reader";

type Key = string | number;

interface Joined {
  readonly names: Map<Key, string>;
  /** Category ids by image. */
  readonly categories: Map<Key, Set<Key>>;
}

/** Images with annotations that are held while the file is read again; each costs some hundred bytes. */
const mostImages = 2_000_000;

export const reader = toolReader({
  id: "coco",
  label: "COCO annotations",
  extensions: [".json"],
  fileField: "file_name",
  recognise: (head) =>
    /^[\s\uFEFF]*\{/.test(head) &&
    (/"images"\s*:\s*\[/.test(head) ||
      /"categories"\s*:\s*\[/.test(head) ||
      /"annotations"\s*:\s*\[/.test(head)) &&
    (/"file_name"\s*:/.test(head) || /"(supercategory|category_id|image_id)"\s*:/.test(head)),
  records,
});

async function* records(
  file: Blob,
  stop: StopSignal | null,
  notice: (problem: Problem) => void,
): AsyncGenerator<ToolFound> {
  const source = await openText(file, stop);
  source.notices.forEach(notice);
  const joined = await join(source, notice);
  let any = false;
  for await (const { elements, bytesRead, broken } of jsonElements(source.chunks())) {
    const images = elements.filter(({ under, key }) => under === "images" && key === null);
    any ||= images.length > 0;
    yield {
      records: images.map(({ number, text }) => ({
        place: `image ${number}`,
        record: text === null ? { fault: overlong } : take(text, joined),
      })),
      bytesRead,
    };
    if (broken) notice(brokenOff);
  }
  if (!any && file.size > 0)
    throw new UnreadableFile('The file holds no list of "images" as COCO has it. Export it again.');
}

/** Annotations may stand before the images they are of, so they are gathered first. */
async function join(source: TextSource, notice: (problem: Problem) => void): Promise<Joined> {
  const joined: Joined = { names: new Map(), categories: new Map() };
  let unusable = 0;
  for await (const { elements } of jsonElements(source.chunks())) {
    for (const { under, text } of elements) {
      if (under !== "categories" && under !== "annotations") continue;
      const value = text === null ? null : parseRecord(text).value;
      const id = value && keyOf(under === "categories" ? value["id"] : value["category_id"]);
      const other = value && (under === "categories" ? value["name"] : keyOf(value["image_id"]));
      if (id === null || (typeof other !== "string" && typeof other !== "number")) unusable++;
      else if (under === "categories") joined.names.set(id, String(other));
      else {
        const known = joined.categories.get(other);
        if (known) known.add(id);
        else if (joined.categories.size < mostImages) joined.categories.set(other, new Set([id]));
        else unusable++;
      }
    }
  }
  if (unusable > 0) {
    const what = unusable === 1 ? "1 annotation or category" : `${unusable} annotations or categories`;
    notice({ place: "file", message: `${what} could not be read; the rest went in.` });
  }
  return joined;
}

function take(text: string, { names, categories }: Joined): ToolRecord {
  const { value, fault } = parseRecord(text);
  if (value === null) return { fault: fault! };
  const ids = categories.get(keyOf(value["id"]) ?? "") ?? new Set<Key>();
  const missing = [...ids].find((id) => !names.has(id));
  if (missing !== undefined)
    return { fault: `has an annotation of category ${missing}, which the file does not name` };
  const answers: GivenAnswer[] =
    ids.size === 0
      ? []
      : [
          {
            type: "classes",
            classes: [...ids].map((id) => names.get(id)!),
            ...noProvenance,
            origin: "import",
          },
        ];
  return { item: { fields: plainFields(value, ["id", "license"]), questions: { label: answers } } };
}

function keyOf(value: unknown): Key | null {
  return typeof value === "string" || typeof value === "number" ? value : null;
}
