// ONNX exports of every kind of model, run by ONNX Runtime itself.

import * as ort from "onnxruntime-web";
import { describe, expect, it } from "vitest";
import { exporter as onnx } from "../../../src/formats/exporters/onnx-head";
import { sourceOf } from "../export-source";
import { classes, dims, embeddings, expectSame, models, named, rows, write } from "../exported-models";

describe("ONNX", () => {
  it.each(named)("gives the same probabilities in ONNX Runtime: %s", async (_, model) => {
    const bytes = new Uint8Array(await (await write(onnx, model)).arrayBuffer());
    const session = await ort.InferenceSession.create(bytes, { executionProviders: ["wasm"] });
    expect([session.inputNames, session.outputNames]).toEqual([["embeddings"], ["probabilities"]]);
    const { probabilities } = await session.run({
      embeddings: new ort.Tensor("float32", embeddings, [rows, dims]),
    });
    expect(probabilities!.dims).toEqual([rows, classes.length]);
    expectSame(probabilities!.data as Float32Array, model);
    await session.release();
  });

  it("states its operator set and carries the class names", async () => {
    const text = await (await write(onnx, models[0]!)).text();
    expect(onnx.summary).toContain("operator set 13");
    expect(text).toContain(JSON.stringify(classes));
    expect(text).toContain("text-hash");
  });
});

it("needs a model", () => {
  expect(onnx.needsHead).toBe(true);
  expect(() => onnx.write(sourceOf([]), null)).toThrow(/no trained model/);
});
