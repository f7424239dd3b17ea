// The predictor: what the model of a round says of files that are not in the project. Reads and encodes them as
// the importer and the embedder would, and stores nothing.

import { throwIfStopped, type StopSignal } from "../src/core/errors";
import { UnreadableFile } from "../src/formats/reader";
import { openVectors } from "../src/formats/vectors/open-vectors";
import type { VectorBlock } from "../src/formats/vectors/vector-file";
import { openZip, type ZipArchive } from "../src/formats/zip";
import { openWhenNeeded } from "../src/storage/database";
import type { ImportProblem } from "../src/storage/schema";
import type { ImageSource, Predicted, PredictorApi } from "./api";
import type { Encoder } from "./encoders/encoder";
import { scaleToUnitLength } from "./encoders/projection/unit-length";
import { chooseReader, createImporter, explainFile, readBytes, readSourceText } from "./importer";
import { newPixels } from "./importing/new-pixels";
import {
  encodeAll,
  openModel,
  probabilitiesOf,
  type OpenedEncoder,
  type OpenedModel,
} from "./predicting/open-model";
import type { Input } from "./read-input";
import { nextTask } from "./serve";

/** How much of a text is kept to recognise it by. */
const keptCharacters = 200;

export function createPredictor(): PredictorApi {
  const storage = openWhenNeeded();
  const { previewTable, listArchive } = createImporter();
  const archives = new Map<string, ZipArchive>();
  let opened: OpenedModel | null = null;
  let stop = new AbortController();

  function model(): OpenedModel {
    if (!opened) throw new Error("The predictor was asked to predict before it had a model.");
    return opened;
  }

  function encoding(): OpenedEncoder {
    const { encoder } = model();
    if (!encoder)
      throw new Error("This model reads vectors computed elsewhere. Give the vectors of the new items.");
    return encoder;
  }

  return {
    previewTable,
    listArchive,

    async open(projectId, round) {
      opened?.close();
      opened = null;
      opened = await openModel(await storage(), projectId, round);
      return { classIds: opened.classIds };
    },

    async openArchive(archiveId, file) {
      archives.set(archiveId, await openZip(file));
    },

    async predictFiles(sources) {
      const { signal } = (stop = new AbortController());
      const { encoder } = encoding();
      const inputs: Input[] = [];
      const names: string[] = [];
      const problems: ImportProblem[] = [];
      for (const source of sources) {
        throwIfStopped(signal);
        // One bad file is one problem; the rest is predicted.
        try {
          inputs.push(await readFile(source, archives, encoder));
          names.push(source.path);
        } catch (error) {
          problems.push({ place: source.path, message: explainFile(source.path, error) });
        }
      }
      return withProblems(await predict(model(), encoding(), names, inputs, signal), problems);
    },

    async predictTable(file, choice, report) {
      const { signal } = (stop = new AbortController());
      const reader = await chooseReader(file);
      for await (const { rows, problems, bytesRead } of reader.read(file, choice, signal)) {
        throwIfStopped(signal);
        const names = rows.map(({ place, text }) => `${place}: ${text.slice(0, keptCharacters)}`);
        const texts = rows.map(({ text }) => text);
        const predicted = await predict(model(), encoding(), names, texts, signal);
        await report({ ...withProblems(predicted, problems), bytesRead });
      }
    },

    async predictVectors(files, report) {
      const { signal } = (stop = new AbortController());
      const { dims } = model();
      for (const { what, open } of await openVectors(files, signal)) {
        if (open.dims !== dims)
          throw new UnreadableFile(
            `${what} has ${open.dims} numbers a row, and this model was fitted on vectors of ${dims}. Give vectors that the same model made.`,
          );
        for await (const block of open.blocks(signal)) {
          throwIfStopped(signal);
          await report(predictBlock(model(), block));
          await nextTask();
        }
      }
    },

    stop: () => stop.abort(),
  };
}

async function readFile(
  source: ImageSource,
  archives: ReadonlyMap<string, ZipArchive>,
  encoder: Encoder,
): Promise<Input> {
  if (encoder.kind === "text") return readSourceText(source, archives);
  return newPixels(source.path, await readBytes(source, archives), encoder.maxSide);
}

async function predict(
  { model }: OpenedModel,
  opened: OpenedEncoder,
  names: readonly string[],
  inputs: readonly Input[],
  stop: StopSignal,
): Promise<Predicted> {
  const { dims } = opened.encoder;
  const { values, terms } = await encodeAll(opened, inputs, stop);
  if (!opened.isPretrained)
    return { names, probabilities: probabilitiesOf(model, values, names.length, terms), problems: [] };
  const message = (name: string) =>
    `${name} gives the encoder no usable numbers (all zero, infinite or not a number); nothing is predicted of it.`;
  return predictKnown(model, dims, values, names, message);
}

function predictBlock({ model, dims }: OpenedModel, block: VectorBlock): Predicted {
  const { rows, values, firstRow, problems } = block;
  const names = block.names ?? Array.from({ length: rows }, (_, row) => `row ${firstRow + row + 1}`);
  for (let row = 0; row < rows; row++) scaleToUnitLength(values.subarray(row * dims, (row + 1) * dims));
  // Rows that cannot be used are zeros, and accounted for by the reader.
  return withProblems(predictKnown(model, dims, values, names, null), problems);
}

/** Predicts but for rows of zeros, which become problems of their own where they are not accounted for. */
function predictKnown(
  model: OpenedModel["model"],
  dims: number,
  vectors: Float32Array,
  names: readonly string[],
  message: ((name: string) => string) | null,
): Predicted {
  const isKnown = (_: string, row: number) =>
    vectors.subarray(row * dims, (row + 1) * dims).some((value) => value !== 0);
  const known = names.flatMap((name, row) => (isKnown(name, row) ? [row] : []));
  const packed = new Float32Array(known.length * dims);
  known.forEach((row, at) => packed.set(vectors.subarray(row * dims, (row + 1) * dims), at * dims));
  const problems = message
    ? names
        .filter((name, row) => !isKnown(name, row))
        .map((name) => ({ place: name, message: message(name) }))
    : [];
  return {
    names: known.map((row) => names[row]!),
    probabilities: probabilitiesOf(model, packed, known.length, null),
    problems,
  };
}

function withProblems(predicted: Predicted, problems: readonly ImportProblem[]): Predicted {
  return { ...predicted, problems: [...problems, ...predicted.problems] };
}
