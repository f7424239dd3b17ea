// A TensorFlow.js graph model cut at one of its nodes.

import * as tf from "@tensorflow/tfjs-core";
import { loadGraphModel, type GraphModel } from "@tensorflow/tfjs-converter";
import { UnusableModel } from "../../../src/formats/models/model-files";
import type { TfjsModel } from "../../../src/formats/models/tfjs-model";
import { toRows, type CutModel } from "./tfjs-cut";

export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: object;
}

/** Operations whose result may be worth cutting at; the rest are steps on the way. */
const worthCutting =
  /^(Mean|AvgPool|MaxPool|Squeeze|Reshape|Relu6?|_FusedConv2D|FusedDepthwiseConv2dNative|_FusedMatMul|MatMul|AddV2|BiasAdd|Identity|FusedBatchNormV3)$/;

export async function openGraphModel(model: TfjsModel, weights: ArrayBuffer): Promise<CutModel> {
  const nodes = nodesOf(model);
  const loaded = await loadGraph(model, weights);
  const inputs = loaded.inputs.filter(
    ({ shape }) => shape === undefined || shape.length === 4 || shape.length === 0,
  );
  const [input] = inputs;
  if (!input || loaded.inputs.length !== 1)
    throw new UnusableModel(
      `This graph model takes ${loaded.inputs.length} inputs (${loaded.inputs.map(({ name }) => name).join(", ")}); only models that take one batch of images can be used.`,
    );
  const choices = nodes.filter(({ op }) => worthCutting.test(op));
  if (choices.length === 0) throw new UnusableModel("This graph model has no node it could be cut at.");
  const [, height, width, channels] = input.shape ?? [];
  const open = (side: number | undefined) => (side !== undefined && side > 0 ? side : null);
  const hasLoops = holdsLoops(nodes);
  return {
    shape: { height: open(height), width: open(width), channels: channels === 1 ? 1 : 3 },
    holdsRescaling: false,
    cuts: choices.map(({ name, op }) => ({ id: name, label: `${name} (${op})`, dims: null })),
    cut: defaultCut(choices).name,
    async forward(batch, cut) {
      if (!choices.some(({ name }) => name === cut))
        throw new UnusableModel(`The model has no node called "${cut}". Choose another place to cut at.`);
      const values = await executeTo(loaded, { [input.name]: batch }, cut, hasLoops);
      const rows = tf.tidy(() => toRows(values));
      if (rows !== values) values.dispose();
      return rows;
    },
    dispose: () => loaded.dispose(),
  };
}

/** @throws UnusableModel */
export function nodesOf({ topology }: TfjsModel): readonly GraphNode[] {
  const nodes = topology["node"];
  if (!Array.isArray(nodes))
    throw new UnusableModel("model.json says it is a graph model but names no nodes.");
  return nodes as readonly GraphNode[];
}

/** Whether it must be run in steps. */
export function holdsLoops(nodes: readonly GraphNode[]): boolean {
  return nodes.some(({ op }) =>
    /^(While|StatelessWhile|If|StatelessIf|Switch|Merge|Enter|TensorList)/.test(op),
  );
}

/** @throws UnusableModel */
export async function loadGraph(
  { topology, weightSpecs, signature }: TfjsModel,
  weightData: ArrayBuffer,
): Promise<GraphModel> {
  try {
    return await loadGraphModel({
      load: async () => ({
        modelTopology: topology,
        weightSpecs: weightSpecs as tf.io.WeightsManifestEntry[],
        weightData,
        ...(signature && { signature }),
      }),
    });
  } catch (error) {
    throw asUnusable(error);
  }
}

/** The values of a node. @throws UnusableModel */
export async function executeTo(
  model: GraphModel,
  inputs: Record<string, tf.Tensor>,
  node: string,
  hasLoops: boolean,
): Promise<tf.Tensor> {
  try {
    return (hasLoops ? await model.executeAsync(inputs, node) : model.execute(inputs, node)) as tf.Tensor;
  } catch (error) {
    throw asUnusable(error);
  }
}

function asUnusable(error: unknown): UnusableModel {
  const message = error instanceof Error ? error.message : String(error);
  const op = /(?:Unknown op|Unsupported op|Kernel) '([^']+)'/.exec(message)?.[1];
  return new UnusableModel(
    op
      ? `The model uses the operation "${op}", which TensorFlow.js does not have here. Choose another model, or cut this one earlier.`
      : `TensorFlow.js cannot run this model: ${message}`,
    { cause: error },
  );
}

/** The last mean over places; where there is none, what the last matrix product looks at. */
function defaultCut(choices: readonly GraphNode[]): GraphNode {
  const pooled = choices.findLast(({ op }) => op === "Mean" || op === "AvgPool");
  if (pooled) return pooled;
  const product = choices.findLastIndex(({ op }) => /MatMul$/.test(op));
  return choices[product - 1] ?? choices.at(-1)!;
}
