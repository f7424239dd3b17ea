// FiftyOne's archive: data/ and labels.json.

import { expect, it } from "vitest";
import { exporter } from "../../../src/formats/exporters/fiftyone";
import { record, sourceOf } from "../export-source";
import { gather } from "../read-all";
import { unzipped } from "../unzipped";

const image = (name: string, classes: string[], part = {}) =>
  record({ kind: "image", text: null, name, classes, ...part });

it("gives each stem its class, and no two images a stem", async () => {
  const records = [
    image("a.jpg", ["dog"]),
    image("a.png", ["cat"]),
    image("__proto__.jpg", ["cat"]),
    image("b.jpg", [], { status: "unlabelled" }),
  ];
  const files = await unzipped(
    await gather(exporter.write(sourceOf(records, { classes: ["cat", "dog"] }), null)),
  );
  expect([...files.keys()]).toEqual([
    "data/a.jpg",
    "data/a-2.png",
    "data/__proto__.jpg",
    "data/b.jpg",
    "labels.json",
  ]);
  expect(files.get("labels.json")).toBe(
    '{"classes":["cat","dog"],\n"labels":{\n"a":1,\n"a-2":0,\n"__proto__":0,\n"b":null\n}}\n',
  );
});

it("writes lists where an item may have several classes", async () => {
  const source = sourceOf([image("a.jpg", ["dog", "cat"])], {
    classes: ["cat", "dog"],
    answerMode: "multiple",
  });
  const files = await unzipped(await gather(exporter.write(source, null)));
  expect(JSON.parse(files.get("labels.json")!)).toEqual({ classes: ["cat", "dog"], labels: { a: [1, 0] } });
});
