// A TensorFlow.js layers model cut at one of its layers. Nested models are followed, so that the pooled features
// inside a transfer-learnt classifier are found.

import * as tf from "@tensorflow/tfjs-core";
import {
  loadLayersModel,
  model as makeModel,
  type LayersModel,
  type Sequential,
  type SymbolicTensor,
} from "@tensorflow/tfjs-layers";
import type { Cut } from "../../../src/core/pretrained";
import { UnusableModel } from "../../../src/formats/models/model-files";
import type { TfjsModel } from "../../../src/formats/models/tfjs-model";
import { toRows, type CutModel } from "./tfjs-cut";

interface Step {
  readonly id: string;
  readonly className: string;
  readonly output: SymbolicTensor;
}

export async function openLayersModel(model: TfjsModel, weights: ArrayBuffer): Promise<CutModel> {
  const loaded = await loadLayers(model, weights);
  const { input, steps } = chainOf(loaded);
  const usable = steps.filter(
    ({ output }) => output.rank >= 2 && output.rank <= 4 && widthOf(output) !== null,
  );
  if (input.rank !== 4 || usable.length === 0)
    throw new UnusableModel(
      `This model takes input of the shape ${JSON.stringify(input.shape)}; only models of images (height, width, colours) can be used from TensorFlow.js.`,
    );
  const [, height, width, channels] = input.shape;
  const upTo = new Map<string, LayersModel>();
  return {
    shape: { height: height ?? null, width: width ?? null, channels: channels === 1 ? 1 : 3 },
    holdsRescaling: steps.some(({ className }) => className === "Rescaling"),
    cuts: worthCutting(usable).map(({ id, className, output }): Cut => ({
      id,
      label: `${id} (${className})`,
      dims: widthOf(output),
    })),
    cut: defaultCut(worthCutting(usable)).id,
    async forward(batch, cut) {
      const step = usable.find(({ id }) => id === cut);
      if (!step)
        throw new UnusableModel(`The model has no layer called "${cut}". Choose another layer to cut at.`);
      const part = upTo.get(cut) ?? makeModel({ inputs: input, outputs: step.output });
      upTo.set(cut, part);
      return tf.tidy(() => toRows(part.predictOnBatch(batch) as tf.Tensor));
    },
    dispose: () => loaded.dispose(),
  };
}

/** The model as the library has it, with the values at the cut. @throws UnusableModel where there is no such layer. */
export async function openAtCut(
  model: TfjsModel,
  weights: ArrayBuffer,
  cut: string,
): Promise<{ readonly input: SymbolicTensor; readonly output: SymbolicTensor; dispose(): void }> {
  const loaded = await loadLayers(model, weights);
  const { input, steps } = chainOf(loaded);
  const step = steps.find(({ id }) => id === cut);
  if (step) return { input, output: step.output, dispose: () => void loaded.dispose() };
  loaded.dispose();
  throw new UnusableModel(`The model has no layer called "${cut}". Choose another layer to cut at.`);
}

/** Padding, scaling and the like are steps on the way to a feature. */
function worthCutting(steps: readonly Step[]): readonly Step[] {
  const features = /Pool|Flatten|Re?LU|Activation|Add|Concatenate|Dense|Sequential|Model|LayerNormalization/;
  const worth = steps.filter(({ className }) => features.test(className));
  return worth.length > 0 ? worth : steps;
}

/** @throws UnusableModel where it has layers that the library does not know. */
export async function loadLayers(
  { topology, weightSpecs }: TfjsModel,
  weightData: ArrayBuffer,
): Promise<LayersModel> {
  try {
    return await loadLayersModel({
      load: async () => ({
        modelTopology: topology,
        weightSpecs: weightSpecs as tf.io.WeightsManifestEntry[],
        weightData,
      }),
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const unknown = /Unknown layer: ([^.\s]+)/.exec(message)?.[1];
    throw new UnusableModel(
      unknown
        ? `The model has a layer of its own making, "${unknown}", whose code is not in its files (and would not be run here). Choose another model.`
        : `TensorFlow.js cannot build this model: ${message}`,
      { cause: error },
    );
  }
}

/** The layers in the order they are run, from the input; those with several inputs or outputs are left out. */
export function chainOf(model: LayersModel): { readonly input: SymbolicTensor; readonly steps: Step[] } {
  if (model.getClassName() !== "Sequential")
    return { input: model.inputs[0]!, steps: model.layers.flatMap((layer) => stepOf(layer)) };
  const [first, ...rest] = (model as Sequential).layers;
  const inner = first && isModel(first) ? chainOf(first) : null;
  const input = inner?.input ?? model.inputs[0]!;
  const steps: Step[] = inner ? [...inner.steps] : stepOf(first!);
  let last = inner ? (first as LayersModel).outputs[0]! : (first!.output as SymbolicTensor);
  for (const layer of rest) {
    // Its own output hangs on another graph where the first layer is a model itself.
    last = (inner ? layer.apply(last) : layer.output) as SymbolicTensor;
    steps.push({ id: layer.name, className: layer.getClassName(), output: last });
  }
  return { input, steps };
}

type Layer = LayersModel["layers"][number];

function isModel(layer: Layer): layer is LayersModel {
  return "layers" in layer;
}

function stepOf(layer: Layer): Step[] {
  try {
    const { output } = layer;
    return Array.isArray(output) ? [] : [{ id: layer.name, className: layer.getClassName(), output }];
  } catch {
    // A layer used in several places has no one output.
    return [];
  }
}

function widthOf({ shape }: SymbolicTensor): number | null {
  return shape.at(-1) ?? null;
}

/** The last pooled feature; where nothing is pooled, what the last classifier layer looks at. */
function defaultCut(steps: readonly Step[]): Step {
  const pooled = steps.findLast(({ className, output }) => /^Global/.test(className) && output.rank <= 4);
  if (pooled) return pooled;
  const lastDense = steps.findLastIndex(({ className }) => className === "Dense");
  const before = lastDense > 0 ? steps.slice(0, lastDense) : steps;
  return (
    before.findLast(({ className }) => !/^(Dropout|Activation|InputLayer)$/.test(className)) ?? steps.at(-1)!
  );
}
