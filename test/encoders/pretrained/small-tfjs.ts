// TensorFlow.js models small enough to work out by hand, as files.

import type { ModelFile } from "../../../src/formats/models/model-files";
import { madeFiles } from "./made-files";

/** Sequential: a 1 × 1 convolution of 3 colours to 2 channels, global average, dense to 2. */
export function smallLayers(change: Readonly<Record<string, unknown>> = {}, dense = "Dense"): ModelFile[] {
  const layer = (class_name: string, config: object) => ({ class_name, config });
  return madeFiles({
    "model.json": {
      format: "layers-model",
      modelTopology: {
        model_config: {
          class_name: "Sequential",
          config: {
            name: "small",
            layers: [
              layer("Conv2D", {
                name: "mix",
                filters: 2,
                kernel_size: [1, 1],
                use_bias: false,
                batch_input_shape: [null, 4, 4, 3],
              }),
              layer("GlobalAveragePooling2D", { name: "pool" }),
              layer(dense, { name: "answer", units: 2, use_bias: false }),
            ],
          },
        },
      },
      weightsManifest: [
        {
          paths: ["a.bin", "b.bin"],
          weights: [
            { name: "mix/kernel", shape: [1, 1, 3, 2], dtype: "float32" },
            { name: "answer/kernel", shape: [2, 2], dtype: "float32" },
          ],
        },
      ],
    },
    "a.bin": new Uint8Array(Float32Array.of(1, 0, 0, 1, 0, 0).buffer),
    "b.bin": new Uint8Array(Float32Array.of(1, 0, 0, 1).buffer),
    ...change,
  });
}

/** Graph: the mean over places of the input, then a matrix product. */
export function smallGraph(op = "Mean"): ModelFile[] {
  const floats = { type: "DT_FLOAT" };
  const int = { type: "DT_INT32" };
  const constant = (name: string, type: object, shape: readonly number[]) => ({
    name,
    op: "Const",
    attr: {
      dtype: type,
      value: {
        tensor: { dtype: Object.values(type)[0], tensorShape: { dim: shape.map((size) => ({ size })) } },
      },
    },
  });
  return madeFiles({
    "model.json": {
      format: "graph-model",
      signature: {
        inputs: {
          image: {
            name: "image:0",
            dtype: "DT_FLOAT",
            tensorShape: { dim: [-1, 4, 4, 3].map((size) => ({ size: String(size) })) },
          },
        },
        outputs: { answer: { name: "answer:0", dtype: "DT_FLOAT" } },
      },
      modelTopology: {
        node: [
          {
            name: "image",
            op: "Placeholder",
            attr: {
              dtype: floats,
              shape: { shape: { dim: [-1, 4, 4, 3].map((size) => ({ size: String(size) })) } },
            },
          },
          constant("axes", int, [2]),
          constant("kernel", floats, [3, 2]),
          {
            name: "pooled",
            op,
            input: ["image", "axes"],
            attr: { T: floats, Tidx: int, keep_dims: { b: false } },
          },
          {
            name: "answer",
            op: "MatMul",
            input: ["pooled", "kernel"],
            attr: { T: floats, transpose_a: { b: false }, transpose_b: { b: false } },
          },
        ],
        versions: {},
        library: {},
      },
      weightsManifest: [
        {
          paths: ["weights.bin"],
          weights: [
            { name: "axes", shape: [2], dtype: "int32" },
            { name: "kernel", shape: [3, 2], dtype: "float32" },
          ],
        },
      ],
    },
    "weights.bin": new Uint8Array([
      ...new Uint8Array(Int32Array.of(1, 2).buffer),
      ...new Uint8Array(Float32Array.of(1, 0, 0, 1, 0, 0).buffer),
    ]),
  });
}

/** The model.json of a model that takes rows of five numbers. */
export const denseOnly = {
  modelTopology: {
    class_name: "Sequential",
    config: {
      name: "flat",
      layers: [
        {
          class_name: "Dense",
          config: { name: "d", units: 2, use_bias: false, batch_input_shape: [null, 5] },
        },
      ],
    },
  },
  weightsManifest: [
    { paths: ["a.bin", "b.bin"], weights: [{ name: "d/kernel", shape: [5, 2], dtype: "float32" }] },
  ],
};
