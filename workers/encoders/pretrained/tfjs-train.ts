// Trains the last block of a model on what its front makes of the labelled items. The linear head begins where it
// fits the block as it is, so that a head that knows nothing does not spoil the block in its first steps (Kumar et
// al., "Fine-tuning can distort pretrained features", 2022, arXiv 2202.10054).

import * as tf from "@tensorflow/tfjs-core";
import { throwIfStopped, type StopSignal } from "../../../src/core/errors";
import { EarlyStopping } from "../../../src/core/fine-tuning/early-stopping";
import { hardTripletLoss, tripletBatches } from "../../../src/core/fine-tuning/hard-triplet";
import type { TrainingRecord, TuningChoice } from "../../../src/core/fine-tuning/tuning";
import type { Activation } from "../../../src/core/kernels/kernels";
import { fitLayers } from "../../../src/core/learning/fit-linear";
import { stratifiedFolds } from "../../../src/core/learning/folds";
import type { Random } from "../../../src/core/random";
import { nextTask } from "../../serve";
import { scaleToUnitLength } from "../projection/unit-length";
import { crossEntropy, hardTriplet, unitLength } from "./tfjs-losses";
import type { TunableModel } from "./tfjs-tunable";

/** One labelled item as the front sees it. */
export interface Example {
  /** The front's output for the image itself, then for changed ones. */
  readonly views: readonly Float32Array[];
  /** One place a class, 0 or 1. */
  readonly target: Uint8Array;
}

export interface TrainingPlan extends TuningChoice {
  /** Of the front's output for one image. */
  readonly shape: readonly number[];
  readonly classes: number;
  readonly activation: Activation;
  readonly random: Random;
  /** Milliseconds. */
  now(): number;
  /** Called after each step. */
  report(done: number, total: number, secondsPerStep: number): void;
  /** @throws where the device has failed without saying so. */
  throwIfDeviceFailed(): void;
  readonly stop: StopSignal;
}

export const mostEpochs = 20;
const patience = 4;
const batchItems = 16;
/** One in five is held back. */
const parts = 5;
/** As encoders are compared. */
const headStrength = 10;
/** Triplets of more rows take longer to look through than the epoch. */
const mostHeldBack = 256;

interface Part {
  readonly examples: readonly Example[];
  readonly labels: readonly number[];
}

/**
 * Leaves the best weights in the model. @param examples at least twice as many as there are parts.
 * @throws Stopped, TooFewLabels
 */
export async function trainBlock(
  model: TunableModel,
  examples: readonly Example[],
  plan: TrainingPlan,
): Promise<TrainingRecord> {
  const { fitted, heldBack } = divide(examples, plan);
  const head = plan.loss === "cross-entropy" ? await createHead(model, fitted, plan) : null;
  const trainer = createTrainer(model, head, plan);
  const stopping = new EarlyStopping(patience);
  const steps = Math.ceil(fitted.examples.length / batchItems);
  let best: tf.Tensor[] = [];
  let done = 0;
  let milliseconds = 0;
  const keep = (): void => {
    best.forEach((one) => one.dispose());
    best = model.variables.map((one) => one.clone());
  };
  try {
    stopping.note(await heldBackLoss(model, head, heldBack, plan));
    keep();
    for (let epoch = 1; epoch <= mostEpochs && !stopping.isOver; epoch++) {
      for (const batch of batchesOf(fitted, plan)) {
        throwIfStopped(plan.stop);
        const startedAt = plan.now();
        await trainer.step(fitted, batch);
        plan.throwIfDeviceFailed();
        milliseconds += plan.now() - startedAt;
        plan.report(++done, mostEpochs * steps, milliseconds / done / 1000);
        await nextTask();
      }
      if (stopping.note(await heldBackLoss(model, head, heldBack, plan))) keep();
    }
    model.variables.forEach((one, at) => one.assign(best[at]!));
  } finally {
    best.forEach((one) => one.dispose());
    head?.variables.forEach((one) => one.dispose());
    trainer.dispose();
  }
  return {
    heldBackLoss: stopping.losses,
    bestEpoch: stopping.bestEpoch,
    fitted: fitted.examples.length,
    heldBack: heldBack.examples.length,
    secondsPerStep: milliseconds / Math.max(1, done) / 1000,
  };
}

function divide(
  examples: readonly Example[],
  { classes, random }: TrainingPlan,
): { fitted: Part; heldBack: Part } {
  const targets = new Uint8Array(examples.length * classes);
  examples.forEach(({ target }, at) => targets.set(target, at * classes));
  const places = Uint32Array.from(examples.keys());
  const set = { features: new Float32Array(0), rows: examples.length, dims: 0, targets, classes, places };
  const [fold] = stratifiedFolds(set, parts, random.fork("held back"));
  if (!fold) throw new RangeError(`${examples.length} examples cannot be divided.`);
  const part = (rows: Uint32Array): Part => {
    const own = Array.from(rows, (row) => examples[row]!);
    return { examples: own, labels: own.map(({ target }) => target.indexOf(1)) };
  };
  return { fitted: part(fold.train), heldBack: part(fold.test.slice(0, mostHeldBack)) };
}

function batchesOf({ examples, labels }: Part, { loss, random }: TrainingPlan): number[][] {
  if (loss === "hard-triplet") return tripletBatches(labels, batchItems, random);
  const order = random.shuffle(Array.from(examples.keys()));
  return Array.from({ length: Math.ceil(order.length / batchItems) }, (_, at) =>
    order.slice(at * batchItems, (at + 1) * batchItems),
  );
}

interface Head {
  readonly variables: readonly tf.Variable[];
  logits(rows: tf.Tensor2D): tf.Tensor2D;
}

async function createHead(model: TunableModel, { examples }: Part, plan: TrainingPlan): Promise<Head> {
  const { classes, activation, stop } = plan;
  const { features, dims } = await embedPlain(model, examples, plan);
  const targets = new Uint8Array(examples.length * classes);
  examples.forEach(({ target }, at) => targets.set(target, at * classes));
  const places = Uint32Array.from(examples.keys());
  const problem = { features, rows: examples.length, dims, targets, classes, places };
  const [layer] = fitLayers(problem, activation, { c: headStrength, warm: null, stop }).layers;
  const weights = tf.variable(tf.tensor2d(layer!.weights, [dims, classes]));
  const bias = tf.variable(tf.tensor1d(layer!.bias));
  return { variables: [weights, bias], logits: (rows) => tf.add(tf.matMul(rows, weights), bias) };
}

function createTrainer(model: TunableModel, head: Head | null, plan: TrainingPlan) {
  const slow = tf.train.adam(plan.learningRate);
  const fast = tf.train.adam(10 * plan.learningRate);
  const own = new Set(model.variables.map(({ name }) => name));
  const all = [...model.variables, ...(head?.variables ?? [])];
  return {
    async step({ examples, labels }: Part, batch: readonly number[]): Promise<void> {
      const shown = batch.map((at) => {
        const { views } = examples[at]!;
        return views[plan.random.integer(views.length)]!;
      });
      const loss = tf.tidy(() => {
        const values = stack(shown, plan.shape);
        const { value, grads } = tf.variableGrads(() => {
          const rows = unitLength(model.tail(values));
          if (!head)
            return hardTriplet(
              rows,
              batch.map((at) => labels[at]!),
            );
          const targets = targetsOf(
            batch.map((at) => examples[at]!),
            plan,
          );
          return crossEntropy(head.logits(rows), targets, plan.activation);
        }, all);
        const named = Object.entries(grads).map(([name, tensor]) => ({ name, tensor }));
        slow.applyGradients(named.filter(({ name }) => own.has(name)));
        if (head) fast.applyGradients(named.filter(({ name }) => !own.has(name)));
        return value;
      });
      // Read so that the next step does not pile up on a device that is behind.
      await loss.data();
      loss.dispose();
    },
    dispose(): void {
      slow.dispose();
      fast.dispose();
    },
  };
}

async function heldBackLoss(
  model: TunableModel,
  head: Head | null,
  { examples, labels }: Part,
  plan: TrainingPlan,
): Promise<number> {
  if (!head) {
    const { features, dims } = await embedPlain(model, examples, plan);
    return hardTripletLoss(features, dims, labels);
  }
  let sum = 0;
  for (let from = 0; from < examples.length; from += batchItems) {
    throwIfStopped(plan.stop);
    const some = examples.slice(from, from + batchItems);
    const loss = tf.tidy(() => {
      const rows = unitLength(
        model.tail(
          stack(
            some.map(({ views }) => views[0]!),
            plan.shape,
          ),
        ),
      );
      return crossEntropy(head.logits(rows), targetsOf(some, plan), plan.activation);
    });
    sum += (await loss.data())[0]! * some.length;
    loss.dispose();
    await nextTask();
  }
  return sum / examples.length;
}

/** Rows of length 1 for the images as they are. */
async function embedPlain(
  model: TunableModel,
  examples: readonly Example[],
  { shape, stop }: TrainingPlan,
): Promise<{ readonly features: Float32Array; readonly dims: number }> {
  let features = new Float32Array(0);
  let dims = 0;
  for (let from = 0; from < examples.length; from += batchItems) {
    throwIfStopped(stop);
    const views = examples.slice(from, from + batchItems).map(({ views: [plain] }) => plain!);
    const rows = tf.tidy(() => model.tail(stack(views, shape)));
    dims = rows.shape[1];
    if (features.length === 0) features = new Float32Array(examples.length * dims);
    features.set((await rows.data()) as Float32Array, from * dims);
    rows.dispose();
    await nextTask();
  }
  for (let row = 0; row < examples.length; row++)
    scaleToUnitLength(features.subarray(row * dims, (row + 1) * dims));
  return { features, dims };
}

function stack(views: readonly Float32Array[], shape: readonly number[]): tf.Tensor {
  const each = shape.reduce((product, side) => product * side, 1);
  const values = new Float32Array(views.length * each);
  views.forEach((view, at) => values.set(view, at * each));
  return tf.tensor(values, [views.length, ...shape]);
}

function targetsOf(examples: readonly Example[], { classes }: TrainingPlan): tf.Tensor2D {
  const values = examples.flatMap(({ target }) => [...target]);
  return tf.tensor2d(values, [examples.length, classes]);
}
