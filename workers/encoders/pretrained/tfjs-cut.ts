// What a TensorFlow.js model of either form is once it is opened: something that can be cut at named places.

import * as tf from "@tensorflow/tfjs-core";
import type { Cut } from "../../../src/core/pretrained";

export interface CutModel {
  /** Of its input; null where the model leaves it open. */
  readonly shape: { readonly height: number | null; readonly width: number | null; readonly channels: 1 | 3 };
  /** Whether it maps pixels of 0 to 255 to its range by itself. */
  readonly holdsRescaling: boolean;
  /** In the order they are run. */
  readonly cuts: readonly Cut[];
  /** The last pooled feature. */
  readonly cut: string;
  /** A batch of images through the model up to the cut: rows × dims. The caller disposes of both tensors. */
  forward(batch: tf.Tensor4D, cut: string): Promise<tf.Tensor2D>;
  dispose(): void;
}

/** Values over places and positions become their mean, so that each item has one row. */
export function toRows(values: tf.Tensor): tf.Tensor2D {
  if (values.rank === 4) return tf.mean(values, [1, 2]);
  if (values.rank === 3) return tf.mean(values, 1);
  return values as tf.Tensor2D;
}
