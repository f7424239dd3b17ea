// COCO annotations of whole images. COCO has no labels of images, so each class is an annotation whose box is
// the whole image, which is what other tools do.

import { throwIfStopped, type StopSignal } from "../../core/errors";
import type { Exporter, ExportSource, LabelRecord } from "../export";

const recordsPerPiece = 500;

export const exporter: Exporter = {
  id: "coco",
  label: "COCO (JSON)",
  summary: "Images, categories, and an annotation with the whole image as its box for each class; no files.",
  kinds: ["image"],
  group: "tool",
  needsHead: false,
  extension: ".json",
  mime: "application/json",
  async *write(source, stop) {
    const encoder = new TextEncoder();
    const categories = source.classes.map((name, at) => ({ id: at + 1, name, supercategory: "" }));
    const ids = new Map(categories.map(({ id, name }) => [name, id]));
    const info = {
      description: source.projectName,
      contributor: `Askwell ${source.appVersion}`,
      date_created: new Date(source.createdAt).toISOString(),
    };
    yield encoder.encode(
      `{"info":${JSON.stringify(info)},"licenses":[],"categories":${JSON.stringify(categories)},\n"images":[`,
    );
    yield* list(source, stop, encoder, (record, id) => [
      { id, file_name: record.path, width: record.width, height: record.height },
    ]);
    yield encoder.encode('],\n"annotations":[');
    let annotation = 0;
    yield* list(source, stop, encoder, (record, image_id) =>
      (record.status === "labelled" ? record.classes : []).map((name) => ({
        id: ++annotation,
        image_id,
        category_id: ids.get(name),
        bbox: [0, 0, record.width, record.height],
        area: record.width * record.height,
        segmentation: [],
        iscrowd: 0,
      })),
    );
    yield encoder.encode("]}\n");
  },
};

type Entries = (record: LabelRecord, number: number) => readonly unknown[];

async function* list(
  source: ExportSource,
  stop: StopSignal | null,
  encoder: TextEncoder,
  entriesOf: Entries,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let number = 0;
  let piece = "";
  let any = false;
  for await (const record of source.records()) {
    throwIfStopped(stop);
    for (const entry of entriesOf(record, ++number)) {
      piece += `${any ? "," : ""}\n${JSON.stringify(entry)}`;
      any = true;
    }
    if (number % recordsPerPiece !== 0) continue;
    yield encoder.encode(piece);
    piece = "";
  }
  yield encoder.encode(piece);
}
