// COCO's lists.

import { expect, it } from "vitest";
import { exporter } from "../../../src/formats/exporters/coco";
import { record, sourceOf } from "../export-source";
import { gather } from "../read-all";

it("writes each class as an annotation of the whole image", async () => {
  const image = (path: string, classes: string[], part = {}) =>
    record({ kind: "image", text: null, path, classes, width: 40, height: 30, ...part });
  const records = [
    image("a.jpg", ["cat", "dog"]),
    image("b.jpg", ["cat"], { status: "unsure" }),
    image("c.jpg", ["dog"]),
  ];
  const whole = JSON.parse(await (await gather(exporter.write(sourceOf(records), null))).text()) as unknown;
  const box = { bbox: [0, 0, 40, 30], area: 1200, segmentation: [], iscrowd: 0 };
  expect(whole).toMatchObject({
    categories: [
      { id: 1, name: "cat", supercategory: "" },
      { id: 2, name: "dog", supercategory: "" },
    ],
    images: [
      { id: 1, file_name: "a.jpg", width: 40, height: 30 },
      { id: 2, file_name: "b.jpg", width: 40, height: 30 },
      { id: 3, file_name: "c.jpg", width: 40, height: 30 },
    ],
    annotations: [
      { id: 1, image_id: 1, category_id: 1, ...box },
      { id: 2, image_id: 1, category_id: 2, ...box },
      { id: 3, image_id: 3, category_id: 2, ...box },
    ],
  });
});

it("is whole also with nothing in it, and over many pieces", async () => {
  expect(JSON.parse(await (await gather(exporter.write(sourceOf([]), null))).text())).toMatchObject({
    images: [],
    annotations: [],
  });
  const many = Array.from({ length: 1200 }, () => record({ kind: "image", text: null }));
  const whole = JSON.parse(await (await gather(exporter.write(sourceOf(many), null))).text()) as {
    images: unknown[];
    annotations: unknown[];
  };
  expect([whole.images.length, whole.annotations.length]).toEqual([1200, 1200]);
});
