// A pretrained encoder as it lies in a bundle: its record, looked at before anything is stored. Whether the files
// are its own, only their hash tells, which is its id.

import type { ModelInput, PretrainedModel } from "../../core/pretrained";
import { BundleDamaged } from "./damaged";
import { fieldsOf, finite, integer, list, oneOf, pattern, text, type Fields } from "./fields";

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
    ...all,
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
    addedAt: integer(all, "addedAt", path),
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
