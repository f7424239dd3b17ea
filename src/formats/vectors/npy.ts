// Vectors from one NumPy array, alone (.npy, read a block at a time) or beside an array of names in one archive
// (.npz).

import { throwIfStopped, type StopSignal } from "../../core/errors";
import { UnreadableFile } from "../reader";
import { openZip } from "../zip";
import {
  decodeNames,
  decodeNumbers,
  maxHeaderBytes,
  readNumpyHeader,
  valueBytes,
  type NumpyHeader,
} from "./numpy";
import { blockRows, checkRows, maxDims, placeOfRow, type VectorBlock, type VectorFile } from "./vector-file";

/** Arrays inside an archive are unpacked as a whole. */
const maxArrayBytes = 2 ** 31 - 1;

/** @param names one for each row, from elsewhere. @throws UnreadableFile */
export async function openNpy(
  file: Blob,
  what: string,
  names: readonly string[] | null,
): Promise<VectorFile> {
  const start = new Uint8Array(await file.slice(0, maxHeaderBytes).arrayBuffer());
  const header = readNumpyHeader(start, what);
  const { rows, dims } = matrixOf(header, what);
  const needed = header.offset + rows * dims * valueBytes(header);
  if (file.size < needed)
    throw new UnreadableFile(
      `${what} says it holds ${rows.toLocaleString("en")} × ${dims} numbers but breaks off before the end. Copy the file again.`,
    );
  if (names && names.length !== rows)
    throw new UnreadableFile(
      `${what} holds ${rows.toLocaleString("en")} vectors, but there are ${names.length.toLocaleString("en")} names. Both must be of the same items in the same order.`,
    );
  return {
    dims,
    rows,
    named: names !== null,
    blocks: (stop) => (header.columnMajor ? byColumn : byRow)(file, header, what, names, stop),
  };
}

/** @throws UnreadableFile, Stopped */
export async function openNpz(
  file: Blob,
  what: string,
  names: readonly string[] | null,
  stop: StopSignal | null,
): Promise<VectorFile> {
  const archive = await openZip(file, stop);
  try {
    let matrix: { readonly blob: Blob; readonly path: string } | null = null;
    let listed = names;
    for (const entry of archive.entries) {
      if (!entry.path.endsWith(".npy")) continue;
      const bytes = await entry.read(maxArrayBytes, stop);
      const part = `${what}, array "${entry.path.slice(0, -4)}",`;
      const header = readNumpyHeader(bytes.subarray(0, maxHeaderBytes), part);
      if (header.shape.length === 2 && header.type === "f") {
        if (matrix)
          throw new UnreadableFile(
            `${what} holds two arrays that could be the vectors: ${matrix.path} and ${entry.path}. Save one of them alone.`,
          );
        matrix = { blob: new Blob([bytes]), path: entry.path };
      } else if (header.shape.length === 1 && "USiu".includes(header.type))
        listed ??= decodeNames(bytes, header, part);
    }
    if (!matrix)
      throw new UnreadableFile(
        `${what} holds no array of rows × numbers. Save it with numpy.savez(path, names=names, vectors=vectors).`,
      );
    return await openNpy(matrix.blob, what, listed);
  } finally {
    await archive.close();
  }
}

function matrixOf({ shape, type }: NumpyHeader, what: string): { rows: number; dims: number } {
  const [rows, dims] = shape;
  if (shape.length !== 2 || rows === undefined || dims === undefined || "US".includes(type))
    throw new UnreadableFile(
      `${what} has the shape (${shape.join(", ")}); vectors need two sides, items × numbers. Reshape it and save it again.`,
    );
  if (rows === 0 || dims === 0)
    throw new UnreadableFile(`${what} is empty: its shape is (${rows}, ${dims}).`);
  if (dims > maxDims)
    throw new UnreadableFile(
      `${what} has ${dims.toLocaleString("en")} numbers a row, more than the ${maxDims.toLocaleString("en")} there can be. Are its rows and columns exchanged?`,
    );
  return { rows, dims };
}

async function* byRow(
  file: Blob,
  header: NumpyHeader,
  what: string,
  names: readonly string[] | null,
  stop: StopSignal | null,
): AsyncGenerator<VectorBlock> {
  const { rows, dims } = matrixOf(header, what);
  const rowBytes = dims * valueBytes(header);
  for (let firstRow = 0; firstRow < rows; firstRow += blockRows) {
    throwIfStopped(stop);
    const count = Math.min(blockRows, rows - firstRow);
    const from = header.offset + firstRow * rowBytes;
    const bytes = new Uint8Array(await file.slice(from, from + count * rowBytes).arrayBuffer());
    yield blockOf(decodeNumbers(bytes, header, count * dims, what), dims, firstRow, names);
  }
}

/** Column after column: every row needs the whole array, so it is read as one. */
async function* byColumn(
  file: Blob,
  header: NumpyHeader,
  what: string,
  names: readonly string[] | null,
  stop: StopSignal | null,
): AsyncGenerator<VectorBlock> {
  const { rows, dims } = matrixOf(header, what);
  const bytes = new Uint8Array(await file.slice(header.offset).arrayBuffer());
  const all = decodeNumbers(bytes, header, rows * dims, what);
  for (let firstRow = 0; firstRow < rows; firstRow += blockRows) {
    throwIfStopped(stop);
    const count = Math.min(blockRows, rows - firstRow);
    const values = new Float32Array(count * dims);
    for (let row = 0; row < count; row++)
      for (let dim = 0; dim < dims; dim++) values[row * dims + dim] = all[dim * rows + firstRow + row]!;
    yield blockOf(values, dims, firstRow, names);
  }
}

function blockOf(
  values: Float32Array,
  dims: number,
  firstRow: number,
  allNames: readonly string[] | null,
): VectorBlock {
  const rows = values.length / dims;
  const names = allNames && allNames.slice(firstRow, firstRow + rows);
  const problems = checkRows(values, dims, (row) => placeOfRow(firstRow + row, names?.[row]));
  return { names, firstRow, rows, values, problems };
}
