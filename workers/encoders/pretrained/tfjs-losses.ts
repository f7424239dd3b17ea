// What fine-tuning makes small, as TensorFlow.js computes it. All take rows of length 1.

import * as tf from "@tensorflow/tfjs-core";
import { tripletMargin } from "../../../src/core/fine-tuning/hard-triplet";
import type { Activation } from "../../../src/core/kernels/kernels";

/** Square roots have no gradient at 0. */
const least = 1e-12;

/** Farther than any two rows of length 1. */
const far = 1000;

export function unitLength(rows: tf.Tensor2D): tf.Tensor2D {
  return tf.div(rows, tf.sqrt(tf.add(tf.sum(tf.square(rows), 1, true), least)));
}

/** Mean over the rows; under sigmoid over rows and classes. */
export function crossEntropy(logits: tf.Tensor2D, targets: tf.Tensor2D, activation: Activation): tf.Scalar {
  return activation === "softmax"
    ? tf.losses.softmaxCrossEntropy<tf.Tensor2D, tf.Scalar>(targets, logits)
    : tf.losses.sigmoidCrossEntropy<tf.Tensor2D, tf.Scalar>(targets, logits);
}

/** The same as core's `hardTripletLoss`, which is its reference. @param labels the class of each row. */
export function hardTriplet(rows: tf.Tensor2D, labels: readonly number[], margin = tripletMargin): tf.Scalar {
  const count = labels.length;
  const mask = (holds: (one: number, other: number) => boolean) =>
    tf.tensor2d(
      Float32Array.from({ length: count * count }, (_, at) =>
        holds(Math.floor(at / count), at % count) ? far : 0,
      ),
      [count, count],
    );
  const norms = tf.sum(tf.square(rows), 1, true);
  const inner = tf.matMul(rows, rows, false, true);
  const squared = tf.sub(tf.add(norms, tf.transpose(norms)), tf.mul(inner, 2));
  const distances = tf.sqrt(tf.add(tf.relu(squared), least));
  const noPartner = mask((one, other) => one === other || labels[one] !== labels[other]);
  const farthest = tf.max(tf.sub(distances, noPartner), 1);
  const nearest = tf.min(
    tf.add(
      distances,
      mask((one, other) => labels[one] === labels[other]),
    ),
    1,
  );
  const isAnchor = labels.map(
    (own, at) =>
      labels.some((label, other) => other !== at && label === own) && labels.some((label) => label !== own),
  );
  const anchors = isAnchor.filter(Boolean).length;
  const each = tf.mul(tf.relu(tf.add(tf.sub(farthest, nearest), margin)), tf.tensor1d(isAnchor.map(Number)));
  return tf.div(tf.sum(each), Math.max(1, anchors));
}
