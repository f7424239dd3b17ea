// All items with their labels as Parquet, a row group of some thousand rows at a time. Several classes are a
// list joined as in the CSV, and so is the class in `label`.

import { throwIfStopped } from "../../core/errors";
import type { Exporter, LabelRecord } from "../export";
import { labelColumns, type LabelColumn } from "../label-columns";

/** Small enough that a row group of long texts stays in memory, large enough to compress. */
const rowsPerGroup = 5000;
const charactersPerGroup = 32 * 1024 * 1024;

export const exporter: Exporter = {
  id: "labels-parquet",
  label: "Table of labels (Parquet)",
  summary:
    "One row an item with everything known of it, typed and packed; for pandas, DuckDB and Hugging Face datasets.",
  kinds: ["image", "text"],
  group: "labels",
  wantsOpinions: true,
  needsHead: false,
  extension: ".parquet",
  mime: "application/vnd.apache.parquet",
  async *write(source, stop) {
    const { ByteWriter, ParquetWriter } = await import("hyparquet-writer");
    const bytes = new ByteWriter();
    const schema = [
      { name: "root", num_children: labelColumns.length },
      ...labelColumns.map(({ name, type }) => schemaOf(name, type)),
    ];
    const parquet = new ParquetWriter({ writer: bytes, schema, createdBy: `Askwell ${source.appVersion}` });
    let rows: LabelRecord[] = [];
    let characters = 0;
    const flush = async () => {
      const columnData = labelColumns.map(({ name, cell }) => ({
        name,
        data: rows.map((row) => cell(row) ?? undefined),
      }));
      await parquet.write({ columnData, rowGroupSize: rows.length });
      rows = [];
      characters = 0;
      return drained(bytes);
    };
    for await (const record of source.records()) {
      throwIfStopped(stop);
      rows.push(record);
      characters += record.text?.length ?? 0;
      if (rows.length >= rowsPerGroup || characters >= charactersPerGroup) yield await flush();
    }
    if (rows.length > 0) yield await flush();
    await parquet.finish();
    yield drained(bytes);
  },
};

type Schema = ConstructorParameters<typeof import("hyparquet-writer").ParquetWriter>[0]["schema"][number];

function schemaOf(name: string, type: LabelColumn["type"]): Schema {
  const repetition_type = "OPTIONAL" as const;
  if (type === "number") return { name, type: "DOUBLE", repetition_type };
  if (type === "boolean") return { name, type: "BOOLEAN", repetition_type };
  return {
    name,
    type: "BYTE_ARRAY",
    converted_type: "UTF8",
    logical_type: { type: "STRING" },
    repetition_type,
  };
}

/** Takes what was written so far; the writer's `offset` goes on counting, as the file's footer needs. */
function drained(bytes: { index: number; getBytes(): Uint8Array }): Uint8Array<ArrayBuffer> {
  const piece = new Uint8Array(bytes.getBytes());
  bytes.index = 0;
  return piece;
}
