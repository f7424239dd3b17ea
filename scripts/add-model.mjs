// `npm run add-model -- <folder or hub id>`: puts a pretrained model into public/models, where every visitor of
// the app is offered it. Only this command, run by whoever serves the app, ever asks a hub for anything.

import { cpSync, createWriteStream, existsSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { findModels, indexModels } from "./models/index-models.mjs";

const usage = `npm run add-model -- <folder or hub id> [--onnx onnx/model_fp16.onnx] [--into public/models]
  ./my-model                   a folder: TensorFlow.js (model.json) or Hugging Face in ONNX form (config.json, .onnx)
  Xenova/all-MiniLM-L6-v2      a model of the hub at HF_ENDPOINT (https://huggingface.co)`;

/** What the app reads of a hub's folder, beside the ONNX file itself. */
const wanted = [
  "config.json",
  "tokenizer.json",
  "tokenizer_config.json",
  "preprocessor_config.json",
  "1_Pooling/config.json",
  "README.md",
  "LICENSE",
];

/** @param {string} message @returns {never} */
function fail(message) {
  console.error(message);
  process.exit(1);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { onnx: { type: "string" }, into: { type: "string", default: "public/models" } },
});
const [source] = positionals;
if (!source || positionals.length > 1) fail(usage);

const into = resolve(values.into);
const name = basename(source.replace(/[/\\]+$/, ""));
const target = join(into, name);
if (existsSync(target)) fail(`${target} is there already. Delete it first to add the model anew.`);
// Filled beside the models and moved in whole, so that one cut short is never offered.
const filling = join(into, `.${name}.filling`);
rmSync(filling, { recursive: true, force: true });
mkdirSync(join(filling, name), { recursive: true });
try {
  if (existsSync(source) && statSync(source).isDirectory())
    cpSync(source, join(filling, name), { recursive: true });
  else if (/^[\w.-]+\/[\w.-]+$/.test(source)) await download(source, join(filling, name), values.onnx);
  else throw new Error(`There is no folder ${source}, and a hub id has the form owner/name.\n\n${usage}`);
  if (findModels(filling).length === 0)
    throw new Error(
      `${source} holds no model the app can use: neither a model.json (TensorFlow.js) nor a config.json with an .onnx file. PyTorch models are converted with: optimum-cli export onnx --model ${source} ${name}`,
    );
  renameSync(join(filling, name), target);
} catch (error) {
  rmSync(filling, { recursive: true, force: true });
  fail(error instanceof Error ? error.message : String(error));
}
rmSync(filling, { recursive: true, force: true });
console.log(`Added ${name}. Models offered now: ${indexModels(into).join(", ")}. Build again to serve it.`);

/** @param {string} id @param {string} folder @param {string | undefined} chosen */
async function download(id, folder, chosen) {
  const hub = process.env.HF_ENDPOINT ?? "https://huggingface.co";
  const listing = await get(`${hub}/api/models/${id}`);
  /** @type {{ siblings?: { rfilename: string }[] }} */
  const { siblings = [] } = await listing.json();
  const paths = siblings.map(({ rfilename }) => rfilename);
  const onnx = chosen
    ? [chosen]
    : ["onnx/model.onnx", "model.onnx", "onnx/vision_model.onnx", "onnx/text_model.onnx"];
  const models =
    chosen || !paths.includes("onnx/model.onnx")
      ? onnx.filter((path) => paths.includes(path))
      : onnx.slice(0, 1);
  if (models.length === 0)
    throw new Error(
      `${id} has no ${chosen ?? "ONNX file of a usual name"}. It has: ${paths.filter((path) => path.endsWith(".onnx")).join(", ") || "no ONNX file at all"}.`,
    );
  const weights = paths.filter((path) => models.some((model) => path.startsWith(`${model}_data`)));
  for (const path of [...wanted.filter((one) => paths.includes(one)), ...models, ...weights]) {
    console.log(`Fetching ${id}/${path} …`);
    const response = await get(`${hub}/${id}/resolve/main/${path}`);
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    await pipeline(
      Readable.fromWeb(/** @type {never} */ (response.body)),
      createWriteStream(join(folder, path)),
    );
  }
}

/** @param {string} url */
async function get(url) {
  const response = await fetch(url).catch((error) => {
    throw new Error(`${url} cannot be reached (${error.cause?.message ?? error.message}).`);
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status} ${response.statusText}.`);
  return response;
}
