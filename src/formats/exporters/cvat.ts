// CVAT for images 1.1: annotations.xml with a tag for each class of an image, and the images beside it.

import type { StopSignal } from "../../core/errors";
import { throwIfStopped } from "../../core/errors";
import type { Exporter, ExportSource, LabelRecord } from "../export";
import { contentOf, fileNameOf } from "../item-content";
import { splitOf } from "../json-export";
import { UniqueNames } from "../safe-name";
import { zipStream, type NewEntry } from "../zip-stream";

const imagesPerPiece = 200;

export const exporter: Exporter = {
  id: "cvat",
  label: "CVAT for images 1.1 (zip)",
  summary: "Images and annotations.xml with a tag for each class, for CVAT's “Upload annotations”.",
  kinds: ["image"],
  group: "tool",
  needsHead: false,
  extension: ".zip",
  mime: "application/zip",
  write: (source, stop) => zipStream(entriesOf(source, stop), source.createdAt, stop),
};

async function* entriesOf(source: ExportSource, stop: StopSignal | null): AsyncGenerator<NewEntry> {
  const names = new Map<LabelRecord["itemId"], string>();
  const unique = new UniqueNames();
  for await (const record of source.records()) {
    throwIfStopped(stop);
    const name = unique.take(fileNameOf(record));
    names.set(record.itemId, name);
    const content = await contentOf(record, source);
    if (content !== null) yield { path: `images/${name}`, content, stored: true };
  }
  yield { path: "annotations.xml", content: annotations(source, stop, names) };
}

async function* annotations(
  source: ExportSource,
  stop: StopSignal | null,
  names: ReadonlyMap<LabelRecord["itemId"], string>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  const labels = source.classes.map(
    (name) => `<label><name>${escaped(name)}</name><attributes></attributes></label>`,
  );
  let piece = `<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n<version>1.1</version>\n<meta><task><name>${escaped(source.projectName)}</name><mode>annotation</mode><labels>${labels.join("")}</labels></task></meta>\n`;
  let id = 0;
  for await (const record of source.records()) {
    throwIfStopped(stop);
    piece += imageXml(record, id++, names.get(record.itemId) ?? record.name);
    if (id % imagesPerPiece !== 0) continue;
    yield encoder.encode(piece);
    piece = "";
  }
  yield encoder.encode(`${piece}</annotations>\n`);
}

function imageXml(record: LabelRecord, id: number, name: string): string {
  const split = splitOf(record);
  const subset = split === null ? "" : ` subset="${split === "test" ? "Test" : "Train"}"`;
  const source = record.origin === "model" ? "auto" : "manual";
  const tags = (record.status === "labelled" ? record.classes : []).map(
    (label) => `<tag label="${escaped(label)}" source="${source}"></tag>`,
  );
  return `<image id="${id}" name="${escaped(name)}"${subset} width="${record.width}" height="${record.height}">${tags.join("")}</image>\n`;
}

/** Characters that XML 1.0 cannot hold at all become U+FFFD. */
function escaped(text: string): string {
  return text
    .replace(/[\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]/g, "\uFFFD")
    .replace(/[&<>"'\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
