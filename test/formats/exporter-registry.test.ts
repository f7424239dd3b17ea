// What every exporter must keep to.

import { describe, expect, it } from "vitest";
import { exporterById, exporters } from "../../src/formats/exporter-registry";

it("finds them by id and names the choices", () => {
  expect(exporterById("labels-csv").extension).toBe(".csv");
  expect(() => exporterById("excel")).toThrow(/argilla, class-folders, .*labels-csv, .*tfjs-head/);
});

describe.each([...exporters.values()])("$id", (exporter) => {
  it("describes itself", () => {
    expect(exporter.label).not.toBe("");
    expect(exporter.summary).toMatch(/\.$/);
    expect(exporter.kinds.length).toBeGreaterThan(0);
    expect(exporter.extension).toMatch(/^\.[a-z]+$/);
    expect(exporter.mime).toMatch(/^\w+\/[\w.+-]+/);
  });
});
