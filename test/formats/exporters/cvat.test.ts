// CVAT's archive: images, and annotations.xml with a tag for each class.

import { expect, it } from "vitest";
import { exporter } from "../../../src/formats/exporters/cvat";
import { record, sourceOf } from "../export-source";
import { gather } from "../read-all";
import { unzipped } from "../unzipped";

it("escapes whatever a name or class holds", async () => {
  const records = [
    record({
      kind: "image",
      text: null,
      name: 'a & "b" <c>.jpg',
      classes: ["<&\"'>\u0001"],
      width: 4,
      height: 3,
      slice: "hold-out",
    }),
    record({ kind: "image", text: null, name: "d.jpg", classes: [], status: "unlabelled", slice: null }),
  ];
  const files = await unzipped(
    await gather(exporter.write(sourceOf(records, { projectName: "P & Q" }), null)),
  );
  expect([...files.keys()]).toEqual(["images/a & _b_ _c_.jpg", "images/d.jpg", "annotations.xml"]);
  const xml = files.get("annotations.xml")!;
  expect(xml).toContain("<name>P &#38; Q</name>");
  expect(xml).toContain(
    '<image id="0" name="a &#38; _b_ _c_.jpg" subset="Test" width="4" height="3"><tag label="&#60;&#38;&#34;&#39;&#62;\uFFFD" source="manual"></tag></image>',
  );
  expect(xml).toContain('<image id="1" name="d.jpg" width="0" height="0"></image>');
});
