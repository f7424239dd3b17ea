// A pretrained encoder as it lies in a bundle: its record, looked at before anything is stored. Whether the files
// are its own, only their hash tells, which is its id.

import type { TuningAccount } from "../../core/fine-tuning/tuning";
import type { ModelInput, PretrainedModel } from "../../core/pretrained";
import { BundleDamaged } from "./damaged";
import {
  fieldsOf,
  finite,
  flag,
  integer,
  list,
  moment,
  oneOf,
  pattern,
  text,
  texts,
  type Fields,
} from "./fields";

export interface BundledModel {
  readonly model: PretrainedModel;
  /** The file at that place in `model.files`. @throws BundleDamaged */
  file(place: number): Promise<Blob>;
}

/** More than any encoder sees; a batch of them must fit memory. */
const largestSide = 4096;

export function readModelRecord(value: unknown, path: string): PretrainedModel {
  const all = fieldsOf(value, path);
  return {
    id: pattern(all, "id", /^model-[0-9a-f]{16}$/, path),
    name: text(all, "name", path, 400),
    format: oneOf(all, "format", ["tfjs-layers", "tfjs-graph", "onnx"], path),
    kind: oneOf(all, "kind", ["image", "text"], path),
    precision: oneOf(all, "precision", ["float32", "float16", "int8", "int4"], path),
    dims: integer(all, "dims", path, 1),
    cut: text(all, "cut", path, 1000),
    input: readInput(fieldsOf(all["input"], path), path),
    files: list(all, "files", path).map((one) => {
      const file = fieldsOf(one, path);
      return { path: text(file, "path", path, 1000), sizeBytes: integer(file, "sizeBytes", path) };
    }),
    sizeBytes: integer(all, "sizeBytes", path),
    addedAt: moment(all, "addedAt", path),
    ...(all["tuned"] !== undefined && { tuned: readAccount(fieldsOf(all["tuned"], path), path) }),
  };
}

/** Its id says nothing of how it was tuned, so whoever made the bundle may have written anything. */
function readAccount(all: Fields, path: string): TuningAccount {
  const estimate = (key: string) => {
    const own = fieldsOf(all[key], path);
    const [value, low, high] = ["value", "low", "high"].map((one) => finite(own, one, path));
    return { value: value!, low: low!, high: high!, count: integer(own, "count", path) };
  };
  const heldBackLoss = list(all, "heldBackLoss", path);
  if (heldBackLoss.some((one) => typeof one !== "number"))
    throw new BundleDamaged(path, "holds no numbers for heldBackLoss");
  return {
    heldBackLoss: heldBackLoss as readonly number[],
    bestEpoch: integer(all, "bestEpoch", path),
    fitted: integer(all, "fitted", path),
    heldBack: integer(all, "heldBack", path),
    secondsPerStep: finite(all, "secondsPerStep", path),
    before: estimate("before"),
    after: estimate("after"),
    difference: estimate("difference"),
    loss: oneOf(all, "loss", ["cross-entropy", "hard-triplet"], path),
    device: oneOf(all, "device", ["webgpu", "wasm"], path),
    learningRate: finite(all, "learningRate", path),
    mirror: flag(all, "mirror", path),
    from: pattern(all, "from", /^model-[0-9a-f]{16}$/, path),
    fromName: text(all, "fromName", path, 400),
    block: texts(all, "block", path),
  };
}

/** As it is, key by key: the model's id is a hash over it too. */
function readInput(all: Fields, path: string): ModelInput {
  if (oneOf(all, "kind", ["image", "text"], path) === "text") {
    integer(all, "maxTokens", path, 1);
    oneOf(all, "pooling", ["mean", "first", "last", "model"], path);
    return all as unknown as ModelInput;
  }
  const channels = integer(all, "channels", path, 1);
  const sides = ["width", "height"].map((key) => integer(all, key, path, 1));
  if (Math.max(...sides, integer(all, "shorterSide", path)) > largestSide || channels > 3 || channels === 2)
    throw new BundleDamaged(path, "holds an encoder whose input no image fits");
  oneOf(all, "layout", ["pixels", "planes"], path);
  oneOf(all, "fit", ["stretch", "crop"], path);
  oneOf(all, "resample", ["nearest", "bilinear", "bicubic"], path);
  finite(all, "scale", path);
  for (const key of ["mean", "deviation"])
    if (list(all, key, path).some((one) => typeof one !== "number" || !Number.isFinite(one)))
      throw new BundleDamaged(path, `holds no numbers for ${key}`);
  return all as unknown as ModelInput;
}
