// ONNX models in Hugging Face folders: BERT- and ViT-shaped ones with random weights against what NumPy made of
// the same weights (test/fixtures/onnx), and every way such a folder can be wrong, each with its sentence.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test, vi } from "vitest";
import type { PretrainedModel, TokenInput } from "../../../src/core/pretrained";
import { ModelFolder, type ModelFile } from "../../../src/formats/models/model-files";
import { recogniseModel } from "../../../src/formats/models/recognise-model";
import { halfToFloat } from "../../../workers/encoders/pretrained/onnx-session";
import { poolStates } from "../../../workers/encoders/pretrained/onnx-text";
import { openPretrained } from "../../../workers/encoders/pretrained/open-pretrained";
import { surveyModel } from "../../../workers/models";
import { picture } from "../pictures";
import { madeFiles } from "./made-files";
import { pickFolder } from "./pick-folder";

// Node reads the runtime from disk, where a browser asks the server for it.
vi.mock("../../../workers/encoders/pretrained/on-demand", async () => {
  const { readFile } = await import("node:fs/promises");
  const { createRequire } = await import("node:module");
  const path = createRequire(import.meta.url).resolve("onnxruntime-web/ort-wasm-simd-threaded.wasm");
  return { fetchOnDemand: async () => new Uint8Array(await readFile(path)).buffer };
});

const fixtures = fileURLToPath(new URL("../../fixtures/onnx", import.meta.url));
const bert = () => pickFolder(`${fixtures}/tiny-bert`);
const vit = () => pickFolder(`${fixtures}/tiny-vit`);
const reference = JSON.parse(readFileSync(`${fixtures}/reference.json`, "utf8")) as {
  text: { texts: string[]; rows: { ids: number[]; mean: number[]; first: number[]; last: number[] }[] };
  image: { first: number[] };
};

async function open(files: ModelFile[], kind: "image" | "text", input: Partial<TokenInput> = {}) {
  const found = await surveyModel(files, kind);
  const { folder } = recogniseModel(files);
  const model = {
    ...found,
    id: "model-0123456789abcdef",
    dims: 0,
    files: folder.paths.map((path) => ({ path, sizeBytes: folder.sizeOf(path) })),
    addedAt: 0,
    input: { ...found.input, ...input },
  } as PretrainedModel;
  const opened = await openPretrained(
    model,
    new ModelFolder(
      "made",
      folder.paths.map((path) => [path, folder.blob(path)] as const),
    ),
  );
  const encode = opened.encoder.encode as (items: readonly unknown[], state: object) => Promise<Float32Array>;
  return { ...opened, encode: (items: readonly unknown[]) => encode(items, {}) };
}

function expectClose(found: Float32Array, expected: readonly number[]): void {
  expect(found.length).toBe(expected.length);
  const worst = Math.max(...expected.map((value, at) => Math.abs(value - found[at]!)));
  expect(worst).toBeLessThan(1e-5);
}

/** The files with one taken away, or with other content. */
function without(files: ModelFile[], name: string): ModelFile[] {
  return files.filter(({ path }) => !path.endsWith(name));
}
function withFile(files: ModelFile[], name: string, content: string | Uint8Array<ArrayBuffer>): ModelFile[] {
  return files.map((one) => (one.path.endsWith(name) ? { ...one, file: new Blob([content]) } : one));
}

describe("a model of texts", () => {
  const { texts, rows } = reference.text;

  test("says what it is", async () => {
    expect(await surveyModel(bert(), "text")).toMatchObject({
      name: "tiny-bert",
      format: "onnx",
      kind: "text",
      precision: "float32",
      cut: "last_hidden_state",
      input: { kind: "text", maxTokens: 12, pooling: "mean" },
    });
  });

  test.each(["mean", "first", "last"] as const)(
    "pooled by %s answers as NumPy does, alone and together",
    async (pooling) => {
      const { encode, encoder, close } = await open(bert(), "text", { pooling });
      expect(encoder.dims).toBe(16);
      expectClose(
        await encode(texts),
        rows.flatMap((row) => row[pooling]),
      );
      for (const [at, text] of texts.entries()) expectClose(await encode([text]), rows[at]![pooling]);
      close();
    },
  );

  test("takes the pooling that sentence-transformers wrote", async () => {
    const file = {
      path: "tiny-bert/1_Pooling/config.json",
      file: new Blob(['{"pooling_mode_cls_token": true}']),
    };
    expect(await surveyModel([...bert(), file], "text")).toMatchObject({ input: { pooling: "first" } });
  });

  test("cuts long texts off and takes empty and strange ones", async () => {
    const { encode, close } = await open(bert(), "text");
    const found = await encode(["the cat sat on the mat ".repeat(400), "", "\u0000 👩‍👩‍👧 今天", "\ud83d"]);
    expect(found.every(Number.isFinite)).toBe(true);
    expect(found.length).toBe(4 * 16);
    close();
  });

  test("takes the form that loses least where there are several", async () => {
    const half = { path: "tiny-bert/onnx/model_fp16.onnx", file: new Blob(["x"]) };
    expect(await surveyModel([half, ...bert()], "text")).toMatchObject({ precision: "float32" });
  });
});

describe("a model of images", () => {
  test("answers as NumPy does", async () => {
    const { encode, encoderKey, close } = await open(vit(), "image");
    const image = picture(8, 8, (x, y) => [(x * 31) % 256, (y * 29) % 256, (x * y * 7) % 256]);
    expectClose(await encode([image]), reference.image.first);
    const both = await encode([picture(30, 20, () => [9, 200, 40]), image]);
    expectClose(both.slice(16), reference.image.first);
    expect(encoderKey).toBe("model-0123456789abcdef@1/float32");
    close();
  });

  test("says how it wants its images", async () => {
    expect(await surveyModel(vit(), "image")).toMatchObject({
      inputFrom: "preprocessor_config.json",
      input: { width: 8, height: 8, fit: "stretch", layout: "planes", mean: [0.5, 0.4, 0.3] },
    });
  });
});

describe("a folder that is wrong", () => {
  const cases: readonly (readonly [string, () => ModelFile[], "image" | "text", RegExp])[] = [
    ["no tokenizer", () => without(bert(), "tokenizer.json"), "text", /no tokenizer\.json/],
    ["images where texts are wanted", vit, "text", /It is a model of images/],
    ["texts where images are wanted", bert, "image", /model of texts, and this project's items are images/],
    [
      "tokenizer cut off",
      () => withFile(bert(), "/tokenizer.json", "{"),
      "text",
      /tokenizer\.json is damaged or cut off/,
    ],
    [
      "tokenizer of an unknown kind",
      () => withFile(bert(), "/tokenizer.json", '{"model":{"type":"Runes"}}'),
      "text",
      /tokenizer\.json cannot be read here/,
    ],
    [
      "a photo called model.onnx",
      () => withFile(vit(), "model.onnx", new Uint8Array(300).fill(216)),
      "image",
      /damaged, cut off or something else/,
    ],
    [
      "cut off",
      () =>
        withFile(
          vit(),
          "model.onnx",
          new Uint8Array(readFileSync(`${fixtures}/tiny-vit/onnx/model.onnx`)).slice(0, 5000),
        ),
      "image",
      /damaged, cut off or something else/,
    ],
    [
      "an operation nobody has",
      () => withFile(vit(), "model.onnx", new Uint8Array(readFileSync(`${fixtures}/unknown-operation.onnx`))),
      "image",
      /operation "SpectralFold"/,
    ],
    [
      "no name of the hub's",
      () => madeFiles({ "config.json": {}, "mine.onnx": "x", "tokenizer.json": {} }),
      "text",
      /None of its ONNX files \(mine\.onnx\)/,
    ],
  ];
  test.each(cases)("%s", async (_, files, kind, sentence) => {
    await expect(surveyModel(files(), kind)).rejects.toThrow(sentence);
  });

  test("a preparation of another size than the model's", async () => {
    const config = JSON.stringify({
      size: { height: 16, width: 16 },
      image_mean: [0, 0, 0],
      image_std: [1, 1, 1],
    });
    await expect(open(withFile(vit(), "preprocessor_config.json", config), "image")).rejects.toThrow(
      /ONNX Runtime cannot run this model.*(?:dimension|shape)/is,
    );
  });
});

test("states are pooled over a text's own tokens only", () => {
  const values = Float32Array.of(1, 2, 3, 4, 9, 9, 5, 6, 9, 9, 9, 9);
  const tokens = { ids: [[1, 2], [3]], length: 3 };
  const states = { values, dims: [2, 3, 2] };
  expect([...poolStates(states, tokens, "mean")]).toEqual([2, 3, 5, 6]);
  expect([...poolStates(states, tokens, "last")]).toEqual([3, 4, 5, 6]);
  expect([...poolStates(states, tokens, "first")]).toEqual([1, 2, 5, 6]);
});

test("half precision is read right", () => {
  const halves = {
    0x3c00: 1,
    0xc000: -2,
    0x3555: 0.333251953125,
    0x0001: 2 ** -24,
    0x7c00: Infinity,
    0x0000: 0,
  };
  for (const [half, value] of Object.entries(halves)) expect(halfToFloat(Number(half))).toBe(value);
  expect(halfToFloat(0x7e00)).toBeNaN();
});
