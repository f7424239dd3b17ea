// CVAT for images 1.1.

import { expect, it } from "vitest";
import { reader } from "../../../src/formats/readers/cvat";
import { messages, readAll } from "../read-all";

const xml = `<?xml version="1.0" encoding="utf-8"?>
<annotations><version>1.1</version><meta><task><labels><label><name>cat</name></label></labels></task></meta>
<image id="0" name="a &amp; b.jpg" width="4" height="3" subset="Validation"><tag label="cat" source="manual"></tag><tag label="dog" source="manual"/><box label="cat" xtl="0" ytl="0" xbr="1" ybr="1"/></image>
<image id="1" name="c.jpg" width="4" height="3"><tag label="dog" source="auto"></tag></image>
<image id="2" name="d.jpg" width="4" height="3"/>
<image id="3"><tag label="cat"/></image>
<image id="4" name="e.jpg"><tag label=""/></image>
</annotations>`;

it("takes tags for classes and passes shapes over", async () => {
  expect(reader.recognise!(xml)).toBe(true);
  expect(reader.recognise!("<svg/>")).toBe(false);
  const { rows, problems } = await readAll(reader, xml, { textColumn: "name", givenColumn: "label" });
  expect(rows.map(({ text, given, answers }) => [text, given, answers?.[0]?.slice])).toEqual([
    ["a & b.jpg", "cat|dog", "hold-out"],
    ["c.jpg", null, undefined],
    ["d.jpg", null, undefined],
  ]);
  expect(messages(problems)).toEqual([
    "Image 4 has no name; it was left out.",
    "Image 5 has a tag without a label; it was left out.",
  ]);
});

it("says of automatic tags that a model made them", async () => {
  const { rows } = await readAll(reader, xml, { textColumn: "name", givenColumn: "label (automatic)" });
  expect(rows[1]!.answers).toMatchObject([{ classes: ["dog"], origin: "model" }]);
});

it("takes no entity for more than its name", async () => {
  const bomb = `<!DOCTYPE x [<!ENTITY a "${"x".repeat(100)}"><!ENTITY b "&a;&a;">]><annotations><image name="&b;.jpg"/></annotations>`;
  const { rows } = await readAll(reader, bomb, { textColumn: "name" });
  expect(rows.map(({ text }) => text.length < 20)).toEqual([true]);
});
