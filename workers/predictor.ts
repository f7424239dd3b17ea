// The predictor: what the model of a round says of files that are not in the project. Reads and encodes them as
// the importer and the embedder would, and stores nothing.

import { throwIfStopped } from "../src/core/errors";
import type { ClassId, ProjectId } from "../src/core/ids";
import { scoresFromLogits } from "../src/core/kernels/scores";
import { modelLogits, type Model } from "../src/core/learning/model";
import { openZip, type ZipArchive } from "../src/formats/zip";
import { openWhenNeeded, type Database } from "../src/storage/database";
import { listLearntEncoders } from "../src/storage/embedding-store";
import { loadRound, loadRoundDetail } from "../src/storage/round-store";
import type { ImportProblem } from "../src/storage/schema";
import type { ImageSource, Predicted, PredictorApi } from "./api";
import { encodeInputs } from "./encode-inputs";
import type { Encoder, EncoderState } from "./encoders/encoder";
import { encoders } from "./encoders/registry";
import { chooseReader, createImporter, explainImage, readBytes } from "./importer";
import { prepareImage } from "./importing/prepare-image";
import { decodePixels } from "./decode-pixels";
import type { Input } from "./read-input";

interface Opened {
  readonly classIds: readonly ClassId[];
  readonly model: Model;
  readonly encoder: Encoder;
  readonly state: EncoderState;
}

/** How much of a text is kept to recognise it by. */
const keptCharacters = 200;

export function createPredictor(): PredictorApi {
  const storage = openWhenNeeded();
  const { previewTable, listArchive } = createImporter();
  const archives = new Map<string, ZipArchive>();
  let opened: Opened | null = null;
  let stop = new AbortController();

  function model(): Opened {
    if (!opened) throw new Error("The predictor was asked to predict before it had a model.");
    return opened;
  }

  return {
    previewTable,
    listArchive,

    async open(projectId, round) {
      opened = await openModel(await storage(), projectId, round);
      return { classIds: opened.classIds };
    },

    async openArchive(archiveId, file) {
      archives.set(archiveId, await openZip(file));
    },

    async predictImages(sources) {
      const { signal } = (stop = new AbortController());
      const { encoder } = model();
      const inputs: Input[] = [];
      const names: string[] = [];
      const problems: ImportProblem[] = [];
      for (const source of sources) {
        throwIfStopped(signal);
        // One bad file is one problem; the rest is predicted.
        try {
          inputs.push(await readPixels(source, archives, encoder));
          names.push(source.path);
        } catch (error) {
          problems.push({ place: source.path, message: explainImage(source.path, error) });
        }
      }
      return { names, probabilities: await predict(model(), inputs), problems };
    },

    async predictTable(file, choice, report) {
      const { signal } = (stop = new AbortController());
      const reader = await chooseReader(file);
      for await (const { rows, problems, bytesRead } of reader.read(file, choice, signal)) {
        throwIfStopped(signal);
        const names = rows.map(({ place, text }) => `${place}: ${text.slice(0, keptCharacters)}`);
        const probabilities = await predict(
          model(),
          rows.map(({ text }) => text),
        );
        await report({ names, probabilities, problems, bytesRead } satisfies Predicted & {
          bytesRead: number;
        });
      }
    },

    stop: () => stop.abort(),
  };
}

/** @throws where the round has no model, or what made its embeddings is gone. */
async function openModel(database: Database, projectId: ProjectId, round: number): Promise<Opened> {
  const summary = await loadRound(database, projectId, round);
  const detail = await loadRoundDetail(database, projectId, round);
  if (!summary || !detail?.model)
    throw new Error(`Round ${round} has no model. Choose another round, or answer more questions first.`);
  const learnt = (await listLearntEncoders(database, projectId)).find(
    ({ encoderKey }) => encoderKey === summary.encoderKey,
  );
  const encoder = learnt && encoders.get(learnt.encoderId);
  if (!learnt || !encoder)
    throw new Error(
      `The model of round ${round} reads vectors that were not made by this app's own encoders (${summary.encoderKey}), so it cannot look at new files. Choose a round that was made with a built-in encoder.`,
    );
  return {
    classIds: summary.classIds,
    model: detail.model,
    encoder,
    state: learnt.state as EncoderState,
  };
}

async function readPixels(
  source: ImageSource,
  archives: ReadonlyMap<string, ZipArchive>,
  encoder: Encoder,
): Promise<Input> {
  const bytes = await readBytes(source, archives);
  const { type, width, height, thumbnail } = await prepareImage(source.path, bytes);
  const maxSide = encoder.kind === "image" ? encoder.maxSide : 0;
  // From the thumbnail where items of the project are seen from theirs, so that the same image is the same.
  const seen = thumbnail && Math.max(width, height) > 256 && maxSide <= 256 ? thumbnail : { bytes, type };
  return decodePixels(new Blob([seen.bytes], { type: seen.type }), maxSide);
}

async function predict({ encoder, state, model }: Opened, inputs: readonly Input[]): Promise<Float32Array> {
  if (inputs.length === 0) return new Float32Array(0);
  const { values, terms } = await encodeInputs(encoder, inputs, state);
  const logits = modelLogits(model, values, inputs.length, terms);
  return scoresFromLogits(logits, inputs.length, logits.length / inputs.length, model.activation)
    .probabilities;
}
