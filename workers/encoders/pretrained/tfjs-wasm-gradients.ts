// The gradients of convolutions that the library's WebAssembly backend lacks, so that convolutional networks can be
// trained there: of the filters of ordinary convolutions, and of both sides of depthwise ones. Plain loops over the
// backend's own memory; the innermost runs over channels, which lie side by side.

import * as tf from "@tensorflow/tfjs-core";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";

type Pad = Parameters<typeof tf.backend_util.computeConv2DInfo>[4];
type Shape4D = [number, number, number, number];

interface ConvolutionAttributes {
  readonly strides: [number, number] | number;
  readonly pad: Pad;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
  readonly dataFormat?: string;
  readonly dilations?: [number, number] | number;
  readonly filterShape?: Shape4D;
  readonly inputShape?: Shape4D;
}

interface KernelCall {
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>;
  readonly backend: BackendWasm;
  readonly attrs: ConvolutionAttributes;
}

type ConvolutionInfo = tf.backend_util.Conv2DInfo;

/** Registers them; does nothing where the library has brought its own meanwhile. */
export function addWasmGradients(): void {
  add("Conv2DBackpropFilter", ({ inputs, backend, attrs }) => {
    const info = infoOf(inputs["x"]!.shape, attrs.filterShape!, attrs, false);
    const out = zeros(backend, info.filterShape);
    const [x, dy, dw] = views(backend, inputs["x"]!, inputs["dy"]!, out);
    const { inChannels, outChannels } = info;
    forEachTap(info, (tap, from, to) => {
      for (let one = 0; one < inChannels; one++) {
        const value = x![from * inChannels + one]!;
        // About half of what a ReLU lets through.
        if (value === 0) continue;
        const place = (tap * inChannels + one) * outChannels;
        const given = to * outChannels;
        for (let other = 0; other < outChannels; other++) dw![place + other]! += value * dy![given + other]!;
      }
    });
    return out;
  });

  add("DepthwiseConv2dNativeBackpropFilter", ({ inputs, backend, attrs }) => {
    const info = infoOf(inputs["x"]!.shape, attrs.filterShape!, attrs, true);
    const out = zeros(backend, info.filterShape);
    const [x, dy, dw] = views(backend, inputs["x"]!, inputs["dy"]!, out);
    forEachChannel(info, (filter, from, to) => (dw![filter]! += x![from]! * dy![to]!));
    return out;
  });

  add("DepthwiseConv2dNativeBackpropInput", ({ inputs, backend, attrs }) => {
    const info = infoOf(attrs.inputShape!, inputs["filter"]!.shape as Shape4D, attrs, true);
    const out = zeros(backend, info.inShape);
    const [filter, dy, dx] = views(backend, inputs["filter"]!, inputs["dy"]!, out);
    forEachChannel(info, (weight, from, to) => (dx![from]! += filter![weight]! * dy![to]!));
    return out;
  });
}

function add(kernelName: string, run: (call: KernelCall) => tf.TensorInfo): void {
  if (tf.getKernel(kernelName, "wasm")) return;
  const kernelFunc = run as unknown as tf.KernelFunc;
  tf.registerKernel({ kernelName, backendName: "wasm", kernelFunc });
}

function infoOf(
  inShape: readonly number[],
  filterShape: Shape4D,
  { strides, pad, dilations = 1, dimRoundingMode, dataFormat = "NHWC" }: ConvolutionAttributes,
  depthwise: boolean,
): ConvolutionInfo {
  if (dataFormat !== "NHWC") throw new Error(`The gradient of a convolution in ${dataFormat} order`);
  const shape = inShape as Shape4D;
  return tf.backend_util.computeConv2DInfo(
    shape,
    filterShape,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    depthwise,
  );
}

function zeros(backend: BackendWasm, shape: number[]): tf.TensorInfo {
  const out = backend.makeOutput(shape, "float32");
  backend.typedArrayFromHeap(out).fill(0);
  return out;
}

/** Only after all memory was asked for: growing makes older views void. */
function views(backend: BackendWasm, ...tensors: readonly tf.TensorInfo[]): Float32Array[] {
  return tensors.map((tensor) => backend.typedArrayFromHeap(tensor) as Float32Array);
}

/** Every place of the filter over every place of the output it lies inside the image for: places count pixels. */
function forEachTap(
  info: ConvolutionInfo,
  visit: (tap: number, fromPixel: number, toPixel: number) => void,
): void {
  const { batchSize, inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth } = info;
  for (let image = 0; image < batchSize; image++)
    for (let row = 0; row < filterHeight; row++)
      for (let column = 0; column < filterWidth; column++)
        for (let outRow = 0; outRow < outHeight; outRow++) {
          const inRow = outRow * info.strideHeight + row * info.dilationHeight - info.padInfo.top;
          if (inRow < 0 || inRow >= inHeight) continue;
          for (let outColumn = 0; outColumn < outWidth; outColumn++) {
            const inColumn = outColumn * info.strideWidth + column * info.dilationWidth - info.padInfo.left;
            if (inColumn < 0 || inColumn >= inWidth) continue;
            visit(
              row * filterWidth + column,
              (image * inHeight + inRow) * inWidth + inColumn,
              (image * outHeight + outRow) * outWidth + outColumn,
            );
          }
        }
}

/** The same for depthwise filters, channel by channel: places count numbers. */
function forEachChannel(
  info: ConvolutionInfo,
  visit: (filter: number, from: number, to: number) => void,
): void {
  const { inChannels, outChannels } = info;
  const multiple = outChannels / inChannels;
  forEachTap(info, (tap, fromPixel, toPixel) => {
    for (let channel = 0; channel < outChannels; channel++)
      visit(
        tap * outChannels + channel,
        fromPixel * inChannels + Math.floor(channel / multiple),
        toPixel * outChannels + channel,
      );
  });
}
