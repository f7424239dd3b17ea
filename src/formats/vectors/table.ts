// Vectors from tables: CSV with a header, and Parquet. Rows come as records; what makes a vector of them is shared.

import { throwIfStopped, type StopSignal } from "../../core/errors";
import { delimitedRows, detectDialect } from "../delimited-rows";
import { openText, readHead } from "../encoding";
import { UnreadableFile, type Problem } from "../reader";
import { findColumns, vectorOf, type VectorColumns } from "./table-columns";
import {
  blockRows,
  maxDims,
  noVector,
  placeOfRow,
  vectorFault,
  type VectorBlock,
  type VectorFile,
} from "./vector-file";

/** One row by column name. */
export type VectorRecord = Readonly<Record<string, unknown>>;

/**
 * @param records gives all rows from the start each time it is called.
 * @throws UnreadableFile
 */
export async function tableOfVectors(
  records: (stop: StopSignal | null) => AsyncIterable<VectorRecord>,
  rows: number | null,
  what: string,
  stop: StopSignal | null,
): Promise<VectorFile> {
  let first: VectorRecord | null = null;
  for await (const record of records(stop)) {
    first = record;
    break;
  }
  if (!first)
    throw new UnreadableFile(`${what} holds no rows. Choose a file that holds at least one vector.`);
  const columns = findColumns(first, what);
  const dims = vectorOf(first, columns)?.length ?? 0;
  if (dims === 0 || dims > maxDims)
    throw new UnreadableFile(
      `${what} has ${dims.toLocaleString("en")} numbers in its first row; there must be 1 to ${maxDims.toLocaleString("en")}.`,
    );
  return { dims, rows, named: true, blocks: (signal) => blocksOf(records(signal), columns, dims, signal) };
}

async function* blocksOf(
  records: AsyncIterable<VectorRecord>,
  columns: VectorColumns,
  dims: number,
  stop: StopSignal | null,
): AsyncGenerator<VectorBlock> {
  let firstRow = 0;
  let names: string[] = [];
  let values = new Float32Array(blockRows * dims);
  let problems: Problem[] = [];
  const block = (): VectorBlock => {
    const rows = names.length;
    return { names, firstRow, rows, values: values.subarray(0, rows * dims), problems };
  };
  for await (const record of records) {
    throwIfStopped(stop);
    const name = String(record[columns.name] ?? "");
    const vector = vectorOf(record, columns);
    const fault = vector === null ? "has no list of numbers" : faultOf(vector, dims);
    if (fault === null) values.set(vector!, names.length * dims);
    else problems.push(noVector(placeOfRow(firstRow + names.length, name), fault));
    names.push(name);
    if (names.length === blockRows) {
      yield block();
      firstRow += blockRows;
      [names, values, problems] = [[], new Float32Array(blockRows * dims), []];
    }
  }
  if (names.length > 0) yield block();
}

function faultOf(vector: Float32Array, dims: number): string | null {
  if (vector.length !== dims) return `has ${vector.length} numbers where the others have ${dims}`;
  return vectorFault(vector);
}

/** @throws UnreadableFile */
export async function openCsv(file: Blob, what: string, stop: StopSignal | null): Promise<VectorFile> {
  const { text: head } = await readHead(file);
  const dialect = detectDialect(head, [",", ";", "\t"]);
  async function* records(signal: StopSignal | null): AsyncGenerator<VectorRecord> {
    let header: readonly string[] | null = null;
    for await (const { rows } of delimitedRows((await openText(file, signal)).chunks(), dialect))
      for (const { fields, lost } of rows) {
        if (lost || (fields.length === 1 && fields[0]!.trim() === "")) continue;
        if (header === null) header = fields;
        else yield Object.fromEntries(header.map((column, at) => [column, fields[at] ?? ""]));
      }
  }
  return tableOfVectors(records, null, what, stop);
}
