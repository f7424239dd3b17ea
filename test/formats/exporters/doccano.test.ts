// Examples as doccano's import wants them.

import { expect, it } from "vitest";
import { exporter } from "../../../src/formats/exporters/doccano";
import { record, sourceOf } from "../export-source";
import { gather } from "../read-all";

it("writes one example a line", async () => {
  const records = [
    record({ text: "two\nlines", classes: ["a", "b"] }),
    record({ kind: "image", text: null, path: "x/a.jpg", status: "unsure", classes: ["a"], slice: null }),
  ];
  const lines = (await (await gather(exporter.write(sourceOf(records), null))).text()).trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { id: 1, text: "two\nlines", label: ["a", "b"], split: "train", Comments: [] },
    { id: 2, filename: "x/a.jpg", label: [], Comments: [] },
  ]);
});
