// A TensorFlow.js layers model in two parts: a front that stays as it is and a last block that can be trained.

import * as tf from "@tensorflow/tfjs-core";
import { model as makeModel, type SymbolicTensor } from "@tensorflow/tfjs-layers";
import { type ModelFolder, UnusableModel } from "../../../src/formats/models/model-files";
import { readShards, readTfjsModel } from "../../../src/formats/models/tfjs-model";
import { findLastBlock } from "./tfjs-block";
import { toRows } from "./tfjs-cut";
import { chainOf, loadLayers } from "./tfjs-layers";

export interface TunableModel {
  /** Names of the layers with weights in the block, from the input on. */
  readonly block: readonly string[];
  /** What can be trained in it. */
  readonly variables: readonly tf.Variable[];
  /** Images up to where the block begins. The caller disposes of both. */
  front(batch: tf.Tensor4D): tf.Tensor;
  /** From there to the embedding, rows × dims, in a way that gradients can be taken of. */
  tail(values: tf.Tensor): tf.Tensor2D;
  /** The whole model with its weights of now, as files that any TensorFlow.js can load. */
  save(): Promise<readonly (readonly [path: string, file: Blob])[]>;
  dispose(): void;
}

/** On the device that computes now. @throws UnusableModel */
export async function openTunable(folder: ModelFolder, cut: string): Promise<TunableModel> {
  const model = await readTfjsModel(folder);
  if (model.format !== "tfjs-layers")
    throw new UnusableModel(
      "This is a graph model: its weights are frozen into it and cannot be trained. Take the layers form of the model, if there is one.",
    );
  const loaded = await loadLayers(model, await readShards(folder, model.shards));
  try {
    const { input, steps } = chainOf(loaded);
    const output = steps.find(({ id }) => id === cut)?.output;
    if (!output)
      throw new UnusableModel(`The model has no layer called "${cut}". Add it again and cut it elsewhere.`);
    const found = findLastBlock(input, output);
    const layers = new Set(found.steps.map(({ sourceLayer }) => sourceLayer));
    // A transfer-learnt classifier says of its base that it is not to be trained.
    for (const layer of layers) layer.trainable = true;
    const isInput = found.start.id === input.id;
    const front = isInput ? null : makeModel({ inputs: input, outputs: found.start });
    return {
      block: [...layers].filter(({ weights }) => weights.length > 0).map(({ name }) => name),
      variables: [...layers].flatMap(({ trainableWeights }) =>
        trainableWeights.map((weight) => weight.read() as tf.Variable),
      ),
      front: (batch) => (front ? (front.predictOnBatch(batch) as tf.Tensor) : batch.clone()),
      tail: (values) => toRows(runSteps(found.start, found.steps, values)),
      async save() {
        const { weightSpecs, weightData } = await artifactsOf((handler) => loaded.save(handler));
        const manifest = [{ paths: ["weights.bin"], weights: weightSpecs }];
        const json = {
          format: "layers-model",
          generatedBy: "Askwell",
          convertedBy: null,
          modelTopology: model.topology,
          weightsManifest: manifest,
        };
        const besides = ["metadata.json", "preprocessor_config.json"].filter((path) => folder.has(path));
        return [
          ["model.json", new Blob([JSON.stringify(json)])],
          ["weights.bin", new Blob([weightData])],
          ...besides.map((path) => [path, folder.blob(path)] as const),
        ];
      },
      dispose: () => loaded.dispose(),
    };
  } catch (error) {
    loaded.dispose();
    throw error;
  }
}

/** Layers are run one by one, in the way they behave when they predict: averages of normalisation stay. */
function runSteps(start: SymbolicTensor, steps: readonly SymbolicTensor[], values: tf.Tensor): tf.Tensor {
  const known = new Map<number, tf.Tensor>([[start.id, values]]);
  let last = values;
  for (const { id, sourceLayer, inputs, callArgs } of steps) {
    const given = inputs.map((input) => known.get(input.id)!);
    const made = sourceLayer.call(given.length === 1 ? given[0]! : given, { ...callArgs, training: false });
    last = Array.isArray(made) ? made[0]! : made;
    known.set(id, last);
  }
  return last;
}

async function artifactsOf(
  save: (handler: tf.io.IOHandler) => Promise<unknown>,
): Promise<{ readonly weightSpecs: tf.io.WeightsManifestEntry[]; readonly weightData: ArrayBuffer }> {
  let taken: tf.io.ModelArtifacts | null = null;
  await save(
    tf.io.withSaveHandler(async (artifacts) => {
      taken = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" } };
    }),
  );
  const { weightSpecs, weightData } = taken as unknown as tf.io.ModelArtifacts;
  return { weightSpecs: weightSpecs!, weightData: tf.io.CompositeArrayBuffer.join(weightData!) };
}
