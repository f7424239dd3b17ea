// Finds out what kind of model a bunch of picked files is, and where in them it begins; says what it is instead
// where it is none.

import { baseName, folderOf, ModelFolder, UnusableModel, type ModelFile } from "./model-files";

export interface FoundModel {
  readonly family: "tfjs" | "onnx";
  readonly folder: ModelFolder;
}

/** Past this a tab cannot hold the model beside its work: WebAssembly ends at 4 GB, and a model is held twice while it loads. */
export const maxModelBytes = 1_500_000_000;

/** What people have on disk that cannot run in a browser as it is, and what to do about it. */
const others: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/\.(safetensors|pt|pth|ckpt)$|pytorch_model.*\.bin$/i, "PyTorch weights"],
  [/\.(h5|hdf5|keras)$/i, "a Keras model"],
  [/saved_model\.pb$/i, "a TensorFlow SavedModel"],
  [/\.tflite$/i, "a TensorFlow Lite model"],
  [/\.gguf$/i, "a llama.cpp model"],
];

/** @throws UnusableModel */
export function recogniseModel(files: readonly ModelFile[]): FoundModel {
  if (files.length === 0)
    throw new UnusableModel("The folder is empty. Choose the folder that holds the model's files.");
  const roots = [
    ...files
      .filter(({ path }) => baseName(path) === "model.json")
      .map(({ path }) => ["tfjs", folderOf(path)] as const),
    ...onnxRoots(files).map((root) => ["onnx", root] as const),
  ];
  if (roots.length === 0) throw new UnusableModel(whatInstead(files));
  if (roots.length > 1) {
    const places = roots.map(([, root]) => root.replace(/\/$/, "") || "the folder itself");
    throw new UnusableModel(
      `There are ${roots.length} models in there: ${places.join(", ")}. Choose the folder of one of them.`,
    );
  }
  const [family, root] = roots[0]!;
  const folder = ModelFolder.below(files, root);
  const bytes = folder.paths
    .filter((path) => !ignored(path))
    .reduce((sum, path) => sum + folder.sizeOf(path), 0);
  // A folder from the hub often holds the same weights several times; what is used is measured later.
  if (family === "tfjs") refuseLarge(bytes, folder.name);
  return { family, folder };
}

/** @throws UnusableModel */
export function refuseLarge(bytes: number, name: string): void {
  if (bytes <= maxModelBytes) return;
  const gigabytes = (value: number) => `${(value / 1e9).toFixed(1)} GB`;
  throw new UnusableModel(
    `${name || "The model"} takes ${gigabytes(bytes)}; a browser tab can hold ${gigabytes(maxModelBytes)} of it at most. Take a smaller one of its family, or one in half precision.`,
  );
}

const ignored = (path: string) => /\.(md|txt|png|jpe?g|gitattributes)$/i.test(path);

/** A folder with a config.json above its .onnx files, which lie beside it or in onnx/. */
function onnxRoots(files: readonly ModelFile[]): string[] {
  const onnx = files.filter(({ path }) => path.endsWith(".onnx")).map(({ path }) => folderOf(path));
  const roots = onnx.map((folder) => folder.replace(/(^|\/)onnx\/$/, "$1"));
  const unique = [...new Set(roots)];
  const configured = unique.filter((root) => files.some(({ path }) => path === `${root}config.json`));
  if (unique.length > 0 && configured.length === 0)
    throw new UnusableModel(
      "There is an ONNX file but no config.json that says how it is used. Choose the model's whole folder, as it comes from the hub.",
    );
  return configured;
}

function whatInstead(files: readonly ModelFile[]): string {
  for (const [pattern, what] of others) {
    const one = files.find(({ path }) => pattern.test(path));
    if (one)
      return `${baseName(one.path)} is ${what}, which does not run in a browser. Convert it to ONNX (optimum-cli export onnx) or TensorFlow.js (tensorflowjs_converter) and choose that folder.`;
  }
  const some = files.slice(0, 3).map(({ path }) => baseName(path));
  return `There is no model in there: neither a model.json (TensorFlow.js) nor a config.json with an .onnx file (Hugging Face) among ${some.join(", ")}${files.length > 3 ? " and others" : ""}.`;
}
