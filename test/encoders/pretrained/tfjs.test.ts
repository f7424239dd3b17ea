// TensorFlow.js models from disk: what is read of them, where they are cut, and every way their folder can be
// wrong, each with its sentence.

import { describe, expect, test } from "vitest";
import type { PixelInput, PretrainedModel } from "../../../src/core/pretrained";
import { ModelFolder, type ModelFile } from "../../../src/formats/models/model-files";
import { recogniseModel } from "../../../src/formats/models/recognise-model";
import { openPretrained, testPicture } from "../../../workers/encoders/pretrained/open-pretrained";
import { surveyModel } from "../../../workers/models";
import { picture } from "../pictures";
import { madeFiles } from "./made-files";
import { allMobileNets, hasMobileNets, mobileNet } from "./model-folder";
import { denseOnly, smallGraph, smallLayers } from "./small-tfjs";

const survey = (files: ModelFile[]) => surveyModel(files, "image");

async function open(
  files: ModelFile[],
  change: Partial<PretrainedModel> = {},
  input: Partial<PixelInput> = {},
) {
  const found = await survey(files);
  const { folder } = recogniseModel(files);
  const model: PretrainedModel = {
    ...found,
    id: "model-0123456789abcdef",
    dims: 0,
    files: [],
    addedAt: 0,
    ...change,
    input: { ...(found.input as PixelInput), ...input },
  };
  return openPretrained(
    model,
    new ModelFolder(
      "made",
      folder.paths.map((path) => [path, folder.blob(path)] as const),
    ),
  );
}

const colors = [picture(4, 4, () => [255, 0, 0]), picture(8, 6, () => [0, 255, 0])];

describe("a layers model", () => {
  test("says where it can be cut, and is cut at its pooled feature", async () => {
    const found = await survey(smallLayers());
    expect(found).toMatchObject({
      name: "made",
      format: "tfjs-layers",
      precision: "float32",
      cut: "pool",
      inputFrom: null,
      input: { width: 4, height: 4, channels: 3, scale: 1 / 127.5 },
    });
    expect(found.cuts.map(({ id, dims }) => [id, dims])).toEqual([
      ["pool", 2],
      ["answer", 2],
    ]);
  });

  test("embeds by what its weights say", async () => {
    // Kernel rows: red to channel 0, green to channel 1. Red is (1, −1) in the range −1 to 1.
    const { encoder, encoderKey, close } = await open(smallLayers());
    const half = Math.SQRT1_2;
    const rows = [
      ...(await (encoder as never as { encode(a: unknown, s: unknown): Promise<Float32Array> }).encode(
        colors,
        {},
      )),
    ];
    [half, -half, -half, half].forEach((value, at) => expect(rows[at]).toBeCloseTo(value, 5));
    expect(encoderKey).toBe("model-0123456789abcdef@1/float32");
    expect(encoder.dims).toBe(2);
    close();
  });

  test("takes the range from metadata of a Teachable Machine export", async () => {
    const found = await survey(smallLayers({ "metadata.json": { tmVersion: "2.3.1", labels: ["a"] } }));
    expect(found).toMatchObject({ inputFrom: "metadata.json", input: { fit: "crop", scale: 1 / 127.5 } });
  });

  test("gives zeros where the model gives no numbers", async () => {
    const weights = new Uint8Array(Float32Array.of(Number.NaN, 0, 0, 1, 0, 0).buffer);
    const { encoder, close } = await open(smallLayers({ "a.bin": weights }));
    const encode = encoder.encode as never as (a: unknown, s: unknown) => Promise<Float32Array>;
    expect([...(await encode(colors, {}))]).toEqual([0, 0, 0, 0]);
    close();
  });

  test("refuses another size than its own", async () => {
    await expect(open(smallLayers(), {}, { width: 5, height: 5, channels: 1 })).rejects.toThrow(
      /does not take images of 5 × 5 × 1/,
    );
  });
});

describe("a graph model", () => {
  test("is cut at its mean over places", async () => {
    const found = await survey(smallGraph());
    expect(found).toMatchObject({
      format: "tfjs-graph",
      cut: "pooled",
      input: { width: 4, height: 4, channels: 3 },
    });
    const { encoder, close } = await open(smallGraph());
    const encode = encoder.encode as never as (a: unknown, s: unknown) => Promise<Float32Array>;
    const third = 1 / Math.sqrt(3);
    const rows = [...(await encode(colors, {}))];
    [third, -third, -third, -third, third, -third].forEach((value, at) =>
      expect(rows[at]).toBeCloseTo(value, 5),
    );
    close();
  });

  test("with an operation nobody knows is refused by its name", async () => {
    await expect(open(smallGraph("SpectralMean"), { cut: "answer" })).rejects.toThrow(
      /operation "SpectralMean", which TensorFlow.js does not have/,
    );
  });
});

describe("a folder that is wrong", () => {
  const cases: readonly (readonly [string, () => ModelFile[], RegExp])[] = [
    ["empty", () => [], /folder is empty/],
    ["photos", () => madeFiles({ "a.jpg": "x", "b.jpg": "y" }), /no model in there.*a\.jpg, b\.jpg/],
    [
      "PyTorch",
      () => madeFiles({ "model.safetensors": "x", "config.json": {} }),
      /PyTorch weights.*Convert it to ONNX/,
    ],
    ["Keras", () => madeFiles({ "model.h5": "x" }), /a Keras model/],
    ["ONNX without config", () => madeFiles({ "model.onnx": "x" }), /no config\.json/],
    ["no JSON", () => madeFiles({ "model.json": "{" }), /model\.json is damaged or cut off/],
    ["a list", () => madeFiles({ "model.json": [1] }), /not what a model keeps under that name/],
    ["other JSON", () => madeFiles({ "model.json": { name: "x" } }), /names no layers/],
    [
      "a shard missing",
      () => smallLayers().filter(({ path }) => !path.endsWith("b.bin")),
      /1 of the model's 2 weight files is missing: b\.bin/,
    ],
    [
      "a shard cut off",
      () => smallLayers({ "b.bin": new Uint8Array(3) }),
      /hold 27 bytes where model\.json names 40/,
    ],
    [
      "a layer of its own making",
      () => smallLayers({}, "MagicDense"),
      /layer of its own making, "MagicDense"/,
    ],
    ["no image model", () => smallLayers({ "model.json": denseOnly }), /only models of images/],
  ];
  test.each(cases)("%s", async (_, files, sentence) => {
    await expect(survey(files())).rejects.toThrow(sentence);
    await expect(survey(files())).rejects.toMatchObject({ name: "UnusableModel" });
  });

  test("a model too large for a tab", async () => {
    const files = smallLayers();
    // A Blob of 2 GB is not made for a test; only its size is asked for before it is refused.
    const large = { size: 2_100_000_000 } as Blob;
    await expect(survey([...files, { path: "made/c.bin", file: large }])).rejects.toThrow(
      /takes 2\.1 GB; a browser tab can hold 1\.5 GB/,
    );
  });

  test("a model of images for texts", async () => {
    await expect(surveyModel(smallLayers(), "text")).rejects.toThrow(
      /model of images, and this project's items are texts/,
    );
  });
});

describe.skipIf(!hasMobileNets)("MobileNets of Teachable Machine (needs shared/data)", () => {
  test("are cut at their pooled features inside the nested model", async () => {
    const large = await survey(mobileNet("mobilenetv2-0.35-224"));
    expect(large.cuts.find(({ id }) => id === large.cut)).toMatchObject({ dims: 1280 });
    expect(large).toMatchObject({ inputFrom: "metadata.json", input: { width: 224, channels: 3 } });
    const grey = await survey(mobileNet("mobilenetv1-0.25-96-gray"));
    expect(grey.cuts.find(({ id }) => id === grey.cut)).toMatchObject({ dims: 256 });
    expect(grey).toMatchObject({ input: { width: 96, channels: 1 } });
  });

  test("embed: the same picture the same way, another one another way", async () => {
    const { encoder, device, close } = await open(mobileNet("mobilenetv1-0.25-96-gray"));
    const encode = encoder.encode as never as (a: unknown, s: unknown) => Promise<Float32Array>;
    const shapes = testPicture(120, 90);
    const rows = await encode([shapes, picture(50, 50, (x) => [x * 5, 10, 10]), shapes], {});
    expect(rows.length).toBe(3 * 256);
    expect([...rows.subarray(0, 256)]).toEqual([...rows.subarray(512)]);
    let cosine = 0;
    for (let k = 0; k < 256; k++) cosine += rows[k]! * rows[256 + k]!;
    expect(cosine).toBeLessThan(0.99);
    expect(device).toBe("wasm");
    close();
  });

  test("two in one folder are not guessed between", async () => {
    await expect(survey(allMobileNets())).rejects.toThrow(/There are 2 models in there/);
  });
});
