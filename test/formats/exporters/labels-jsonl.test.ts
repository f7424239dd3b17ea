// JSON Lines of labels, read back by our own reader and by JSON.parse.

import { expect, it } from "vitest";
import { splitClasses } from "../../../src/formats/class-list";
import { exporter } from "../../../src/formats/exporters/labels-jsonl";
import { reader } from "../../../src/formats/readers/jsonl";
import { awkwardTexts, record, sourceOf } from "../export-source";
import { gather, readAll } from "../read-all";

it("reads back every text and label", async () => {
  const records = awkwardTexts.map((text, at) =>
    record({ text, classes: [["one"], ["a|b", "c\\"], []][at % 3]! }),
  );
  const file = await gather(exporter.write(sourceOf(records), null));
  expect(await reader.preview(file)).toMatchObject({ guessedText: "text", guessedGiven: "labels" });
  const { rows, problems } = await readAll(reader, file, { givenColumn: "labels" });
  expect(problems).toEqual([]);
  expect(rows.map(({ text }) => text)).toEqual(records.map(({ text }) => text));
  expect(rows.map(({ given }) => splitClasses(given ?? ""))).toEqual(records.map(({ classes }) => classes));
});

it("writes one object a line with everything known", async () => {
  const one = record({ itemId: "ab" as never, name: "n", text: "t" });
  const file = await gather(exporter.write(sourceOf([one, record({ classes: ["a", "b"] })]), null));
  const lines = (await file.text()).split("\n");
  expect(lines).toHaveLength(3);
  expect(lines[2]).toBe("");
  expect(JSON.parse(lines[0]!)).toEqual({
    askwell_item: "ab",
    text: "t",
    label: "yes",
    labels: ["yes"],
    name: "n",
    path: "tickets.csv",
    kind: "text",
    status: "labelled",
    slice: "train",
    origin: "person",
    annotator: "Ada",
    round: 2,
    given: null,
    guess: "yes",
    confidence: 0.875,
    labelled_at: "2025-01-02T03:04:05.000Z",
    took_ms: 1500,
    predicted_label: null,
    predicted_probability: null,
    uncertainty: null,
    label_score: null,
    is_label_issue: null,
  });
  expect(JSON.parse(lines[1]!)).toMatchObject({ label: null, labels: ["a", "b"] });
});
