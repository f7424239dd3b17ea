// Ultralytics' folders.

import { expect, it } from "vitest";
import { exporter } from "../../../src/formats/exporters/yolo";
import { record, sourceOf } from "../export-source";
import { gather } from "../read-all";
import { unzipped } from "../unzipped";

it("puts the hold-out into test, a tenth of the rest into val, and leaves out what has several classes", async () => {
  const records = Array.from({ length: 60 }, (_, at) =>
    record({
      kind: "image",
      text: null,
      name: `${at}.jpg`,
      classes: [at % 2 ? "cat" : "dog"],
      slice: at < 15 ? "hold-out" : "train",
    }),
  );
  const both = record({
    kind: "image",
    text: null,
    name: "both.jpg",
    path: "x/both.jpg",
    classes: ["cat", "dog"],
  });
  const source = sourceOf([...records, both]);
  const paths = [...(await unzipped(await gather(exporter.write(source, null)))).keys()];
  expect(paths).toHaveLength(60);
  const share = (split: string) => paths.filter((path) => path.startsWith(`${split}/`)).length;
  expect(share("test")).toBe(15);
  expect(share("val")).toBeGreaterThan(0);
  expect(share("val")).toBeLessThan(20);
  expect(new Set(paths.map((path) => path.split("/")[1]))).toEqual(new Set(["cat", "dog"]));
  expect(source.problems).toEqual([
    {
      place: "x/both.jpg",
      message: "x/both.jpg has 2 classes, and such a folder can say only one; it was left out.",
    },
  ]);
  expect([...(await unzipped(await gather(exporter.write(source, null)))).keys()]).toEqual(paths);
});
