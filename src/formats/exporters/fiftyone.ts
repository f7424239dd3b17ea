// FiftyOneImageClassificationDataset: `data/` with the images, `labels.json` with the classes and, by the name
// of each image without its ending, the number of its class, or a list where an item may have several.

import { throwIfStopped, type StopSignal } from "../../core/errors";
import type { Exporter, ExportSource } from "../export";
import { contentOf, fileNameOf } from "../item-content";
import { UniqueNames } from "../safe-name";
import { zipStream, type NewEntry } from "../zip-stream";

export const exporter: Exporter = {
  id: "fiftyone",
  label: "FiftyOne (zip)",
  summary: "Images in data/ and labels.json, which FiftyOne reads as an image classification dataset.",
  kinds: ["image"],
  group: "tool",
  needsHead: false,
  extension: ".zip",
  mime: "application/zip",
  write: (source, stop) => zipStream(entriesOf(source, stop), source.createdAt, stop),
};

async function* entriesOf(source: ExportSource, stop: StopSignal | null): AsyncGenerator<NewEntry> {
  const numbers = new Map(source.classes.map((name, at) => [name, at]));
  const labels: [stem: string, target: number | readonly number[] | null][] = [];
  const stems = new UniqueNames();
  for await (const record of source.records()) {
    throwIfStopped(stop);
    const name = fileNameOf(record);
    const dot = name.lastIndexOf(".");
    // The ending is no part of the key, so a.jpg and a.png must not share a stem.
    const stem = stems.take(dot > 0 ? name.slice(0, dot) : name);
    const targets = record.classes.flatMap((one) => numbers.get(one) ?? []);
    const labelled = record.status === "labelled" && targets.length > 0;
    labels.push([stem, !labelled ? null : source.answerMode === "single" ? targets[0]! : targets]);
    const content = await contentOf(record, source);
    if (content !== null)
      yield { path: `data/${stem}${dot > 0 ? name.slice(dot) : ""}`, content, stored: true };
  }
  yield { path: "labels.json", content: labelsJson(source.classes, labels) };
}

/** By pieces and not from one object, whose keys a name like "__proto__" would break. */
async function* labelsJson(
  classes: readonly string[],
  labels: readonly (readonly [string, unknown])[],
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  yield encoder.encode(`{"classes":${JSON.stringify(classes)},\n"labels":{`);
  for (let start = 0; start < labels.length; start += 1000) {
    const lines = labels
      .slice(start, start + 1000)
      .map(([stem, target]) => `\n${JSON.stringify(stem)}:${JSON.stringify(target)}`);
    yield encoder.encode(`${start === 0 ? "" : ","}${lines.join(",")}`);
  }
  yield encoder.encode("\n}}\n");
}
