// Reads a Hugging Face folder in ONNX form: which of its files are for items of a kind, how texts become tokens
// and rows, and how images become pixels.

import type { Pooling, Precision } from "../../core/pretrained";
import type { ItemKind } from "../../core/project";
import { fromPreprocessor, guessInput } from "./image-input";
import { type ModelFolder, UnusableModel } from "./model-files";
import type { ModelInput } from "../../core/pretrained";

export interface HuggingFaceModel {
  readonly kind: ItemKind;
  /** Of config.json: `bert`, `vit`, … */
  readonly type: string;
  /** The .onnx file. */
  readonly onnx: string;
  readonly precision: Precision;
  /** Every file it needs, the .onnx first. */
  readonly paths: readonly string[];
  readonly input: ModelInput;
  /** The file the input was read from; null for a guess. */
  readonly inputFrom: string | null;
}

/** As the hub names them, the ones that lose nothing first. */
const variants: readonly (readonly [suffix: string, precision: Precision])[] = [
  ["", "float32"],
  ["_fp16", "float16"],
  ["_quantized", "int8"],
  ["_int8", "int8"],
  ["_uint8", "int8"],
  ["_q4f16", "int4"],
  ["_q4", "int4"],
  ["_bnb4", "int4"],
];

/** @param kind of the items; a folder may hold a model of texts and one of images (CLIP). */
export async function readHuggingFace(folder: ModelFolder, kind: ItemKind): Promise<HuggingFaceModel> {
  const config = await folder.json("config.json");
  const readsTexts = folder.has("tokenizer.json");
  const seesImages = folder.has("preprocessor_config.json");
  if (kind === "text" && !readsTexts) {
    const what = seesImages
      ? "It is a model of images."
      : "Choose the whole folder, as it comes from the hub.";
    throw new UnusableModel(`This model has no tokenizer.json, without which it cannot read texts. ${what}`);
  }
  if (kind === "image" && !seesImages && readsTexts)
    throw new UnusableModel(
      "This is a model of texts, and this project's items are images. Choose another model.",
    );
  const { onnx, precision } = chooseOnnx(folder, kind);
  const weights = folder.paths.filter(
    (path) => path !== onnx && path.startsWith(onnx) && /(_data(_\d+)?|\.data)$/.test(path),
  );
  const beside = [
    "config.json",
    ...(kind === "text"
      ? ["tokenizer.json", "tokenizer_config.json", "1_Pooling/config.json"]
      : ["preprocessor_config.json"]),
  ].filter((path) => folder.has(path));
  const type = String(config["model_type"] ?? "");
  const read = kind === "text" ? await readTokens(folder, config, type) : await readPixels(folder, config);
  return { kind, type, onnx, precision, paths: [onnx, ...weights, ...beside], ...read };
}

function chooseOnnx(
  folder: ModelFolder,
  kind: ItemKind,
): { readonly onnx: string; readonly precision: Precision } {
  const stems = kind === "text" ? ["text_model", "model"] : ["vision_model", "model"];
  for (const stem of stems)
    for (const [suffix, precision] of variants)
      for (const place of ["onnx/", ""]) {
        const onnx = `${place}${stem}${suffix}.onnx`;
        if (folder.has(onnx)) return { onnx, precision };
      }
  const found = folder.paths.filter((path) => path.endsWith(".onnx"));
  throw new UnusableModel(
    `None of its ONNX files (${found.slice(0, 3).join(", ")}) has a name the hub gives, such as onnx/model.onnx. Rename the one you mean to model.onnx.`,
  );
}

type ReadInput = Pick<HuggingFaceModel, "input" | "inputFrom">;

/** More is slow in a browser, and says little more of a text's class. */
const mostTokens = 512;

async function readTokens(
  folder: ModelFolder,
  config: Record<string, unknown>,
  type: string,
): Promise<ReadInput> {
  const tokenizer = folder.has("tokenizer_config.json") ? await folder.json("tokenizer_config.json") : {};
  const longest = [tokenizer["model_max_length"], config["max_position_embeddings"], mostTokens];
  const maxTokens = Math.min(...longest.filter((one): one is number => typeof one === "number" && one > 2));
  const pooling = await readPooling(folder, config, type);
  return { input: { kind: "text", maxTokens, ...pooling }, inputFrom: "its own files" };
}

/** What sentence-transformers wrote; else what models of that type are used with. */
async function readPooling(
  folder: ModelFolder,
  config: Record<string, unknown>,
  type: string,
): Promise<{ readonly pooling: Pooling }> {
  if (folder.has("1_Pooling/config.json")) {
    const says = await folder.json("1_Pooling/config.json");
    if (says["pooling_mode_cls_token"] === true) return { pooling: "first" };
    if (says["pooling_mode_lasttoken"] === true) return { pooling: "last" };
    return { pooling: "mean" };
  }
  if (/clip|siglip/.test(type)) return { pooling: "model" };
  const architectures = Array.isArray(config["architectures"]) ? config["architectures"].join(" ") : "";
  return {
    pooling: /CausalLM|^(qwen|mistral|llama|gemma)/.test(`${architectures} ${type}`) ? "last" : "mean",
  };
}

async function readPixels(folder: ModelFolder, config: Record<string, unknown>): Promise<ReadInput> {
  const vision = (config["vision_config"] ?? config) as Record<string, unknown>;
  const side = typeof vision["image_size"] === "number" ? vision["image_size"] : null;
  const guess = {
    ...guessInput({ height: side, width: side, channels: 3 }, "imagenet"),
    layout: "planes" as const,
  };
  if (!folder.has("preprocessor_config.json")) return { input: guess, inputFrom: null };
  const input = fromPreprocessor(await folder.json("preprocessor_config.json"), guess);
  return { input, inputFrom: "preprocessor_config.json" };
}
