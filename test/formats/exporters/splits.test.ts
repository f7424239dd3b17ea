// Tables for training elsewhere: every labelled item in exactly one of them.

import Papa from "papaparse";
import { expect, it } from "vitest";
import { exporter } from "../../../src/formats/exporters/splits";
import { record, sourceOf } from "../export-source";
import { gather } from "../read-all";
import { unzipped } from "../unzipped";

it("keeps the hold-out for test and parts the rest", async () => {
  const records = Array.from({ length: 300 }, (_, at) =>
    record({ slice: at < 60 ? "hold-out" : "train", status: at < 290 ? "labelled" : "unsure" }),
  );
  const files = await unzipped(await gather(exporter.write(sourceOf(records), null)));
  const ids = (name: string) =>
    Papa.parse<Record<string, string>>(files.get(name)!.replace("\uFEFF", ""), {
      header: true,
      skipEmptyLines: true,
    }).data.map((row) => row["askwell_item"]!);
  expect([...files.keys()]).toEqual(["train.csv", "validation.csv", "test.csv"]);
  const all = [...files.keys()].flatMap(ids);
  expect(new Set(all).size).toBe(290);
  expect(all).toHaveLength(290);
  expect(ids("test.csv")).toEqual(records.slice(0, 60).map(({ itemId }) => itemId));
  expect(ids("validation.csv").length).toBeGreaterThan(8);
});
