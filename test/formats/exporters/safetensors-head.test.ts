// Safetensors exports, read by a few lines of Python written from the specification.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exporter as safetensors } from "../../../src/formats/exporters/safetensors-head";
import { openZip } from "../../../src/formats/zip";
import { sourceOf } from "../export-source";
import {
  classes,
  expectSame,
  hasNumpy,
  models,
  openPythonFolder,
  withLayers,
  write,
  type PythonFolder,
} from "../exported-models";

describe.skipIf(!hasNumpy)("NumPy (needs Debian's python3-numpy)", { timeout: 60_000 }, () => {
  let folder: PythonFolder;

  beforeAll(() => {
    folder = openPythonFolder();
  });
  afterAll(() => folder.close());

  it.each(withLayers)("reads the safetensors file by its specification: %s", async (_, model) => {
    expect(await folder.unpack(await write(safetensors, model))).toEqual(["model.safetensors", "model.json"]);
    const found = folder.run(
      "-c",
      `import json, struct, numpy as np
raw = open("model.safetensors", "rb").read()
size, = struct.unpack("<Q", raw[:8])
head = json.loads(raw[8:8 + size])
assert size % 8 == 0 and max(t["data_offsets"][1] for k, t in head.items() if k != "__metadata__") == len(raw) - 8 - size
def tensor(name):
    a, b = head[name]["data_offsets"]
    return np.frombuffer(raw[8 + size + a:8 + size + b], {"F32": "<f4", "U8": "u1"}[head[name]["dtype"]]).reshape(head[name]["shape"])
about = json.load(open("model.json"))
x = np.load("x.npy")
for i in range((len(head) - 1) // 2):
    x = (np.maximum(x, 0) if i else x) @ tensor(f"layers.{i}.weight") + tensor(f"layers.{i}.bias")
p = np.exp(x) / np.exp(x).sum(1, keepdims=True) if about["activation"] == "softmax" else 1 / (1 + np.exp(-x))
print(*p.ravel())`,
    );
    expectSame(found.trim().split(" ").map(Number), model);
  });
});

it("holds the labelled rows of a nearest-neighbour model", async () => {
  const archive = await openZip(await write(safetensors, models[2]!));
  const described = JSON.parse(new TextDecoder().decode(await archive.entries[1]!.read(1e6)));
  expect(described).toMatchObject({ kind: "k-nearest", k: 5, temperature: 1.7, classes });
});

it("needs a model", () => {
  expect(safetensors.needsHead).toBe(true);
  expect(() => safetensors.write(sourceOf([]), null)).toThrow(/no trained model/);
});
