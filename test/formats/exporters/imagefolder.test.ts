// Hugging Face's imagefolder.

import { expect, it } from "vitest";
import { exporter } from "../../../src/formats/exporters/imagefolder";
import { record, sourceOf } from "../export-source";
import { gather } from "../read-all";
import { unzipped } from "../unzipped";

it("writes a metadata.jsonl beside the images of each split", async () => {
  const image = (name: string, part = {}) =>
    record({ kind: "image", text: null, name, classes: ["cat"], ...part });
  const records = [
    image("a.jpg"),
    image("a.jpg", { slice: "hold-out" }),
    image("metadata.jsonl"),
    image("b.jpg", { status: "unsure" }),
  ];
  const files = await unzipped(await gather(exporter.write(sourceOf(records), null)));
  expect([...files.keys()]).toEqual([
    "train/a.jpg",
    "test/a.jpg",
    "train/metadata-2.jsonl",
    "train/metadata.jsonl",
    "test/metadata.jsonl",
  ]);
  const lines = files
    .get("train/metadata.jsonl")!
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
  expect(lines[0]).toEqual({
    file_name: "a.jpg",
    label: "cat",
    annotator: "Ada",
    labelled_at: "2025-01-02T03:04:05.000Z",
    split: "train",
  });
  expect(lines).toHaveLength(2);
});
