// fastText's lines, and what they cannot hold.

import { expect, it } from "vitest";
import { exporter } from "../../../src/formats/exporters/fasttext";
import { record, sourceOf } from "../export-source";
import { gather } from "../read-all";

it("writes labelled texts on one line each and says which names it changed", async () => {
  const source = sourceOf(
    [
      record({ text: " two\r\nlines\t", classes: ["pos", "two words"] }),
      record({ text: "__label__evil text", classes: ["two_words"] }),
      record({ text: "unsure", status: "unsure", classes: ["pos"] }),
      record({ text: "none", classes: [] }),
    ],
    { classes: ["pos", "two words", "two_words"] },
  );
  expect(await (await gather(exporter.write(source, null))).text()).toBe(
    "__label__pos __label__two_words two lines\n__label__two_words-2 evil text\n",
  );
  expect(source.problems.map(({ place }) => place)).toEqual(["two words", "two_words"]);
});
