// A small convolutional classifier as files, its weights drawn at random (He et al. 2015): an encoder that leaves
// much to be learnt.

import { createRandom } from "../../../src/core/random";
import type { ModelFile } from "../../../src/formats/models/model-files";
import { madeFiles } from "./made-files";

const widths = [3, 8, 12, 16];

/** What the last convolution adds to what it hardly looks at, where the embeddings are to be nearly all the same. */
const flatness = { scale: 0.01, bias: 1 };

/** Sequential: three 3 × 3 convolutions of stride 2 on images of 16 × 16, the mean over places, dense to 2. */
export function convNet(seed: number, flat = false): ModelFile[] {
  const random = createRandom(seed);
  const drawn = (inputs: number, count: number) =>
    Float32Array.from({ length: count }, () => random.normal() * Math.sqrt(2 / inputs));
  const specs: object[] = [];
  const values: Float32Array[] = [];
  const add = (name: string, shape: readonly number[], numbers: Float32Array) => {
    specs.push({ name, shape, dtype: "float32" });
    values.push(numbers);
  };
  const layers: object[] = [];
  for (let at = 1; at < widths.length; at++) {
    const [inputs, outputs] = [widths[at - 1]!, widths[at]!];
    const name = `conv${at}`;
    layers.push({
      class_name: "Conv2D",
      config: {
        name,
        filters: outputs,
        kernel_size: [3, 3],
        strides: [2, 2],
        padding: "same",
        activation: "relu",
        ...(at === 1 && { batch_input_shape: [null, 16, 16, 3] }),
      },
    });
    const isFlat = flat && at === widths.length - 1;
    const kernel = drawn(9 * inputs, 9 * inputs * outputs);
    add(
      `${name}/kernel`,
      [3, 3, inputs, outputs],
      kernel.map((one) => one * (isFlat ? flatness.scale : 1)),
    );
    add(`${name}/bias`, [outputs], new Float32Array(outputs).fill(isFlat ? flatness.bias : 0));
  }
  layers.push({ class_name: "GlobalAveragePooling2D", config: { name: "pool" } });
  layers.push({ class_name: "Dense", config: { name: "answer", units: 2 } });
  add("answer/kernel", [widths.at(-1)!, 2], drawn(widths.at(-1)!, 2 * widths.at(-1)!));
  add("answer/bias", [2], new Float32Array(2));
  return madeFiles({
    "model.json": {
      format: "layers-model",
      modelTopology: { model_config: { class_name: "Sequential", config: { name: "conv_net", layers } } },
      weightsManifest: [{ paths: ["weights.bin"], weights: specs }],
    },
    "weights.bin": Uint8Array.from(
      values.flatMap((one) => [...new Uint8Array(one.buffer, one.byteOffset, one.byteLength)]),
    ),
  });
}
