// NumPy exports, run by NumPy and scikit-learn.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exporter as npz } from "../../../src/formats/exporters/npz-head";
import { sourceOf } from "../export-source";
import {
  classes,
  expected,
  expectSame,
  hasNumpy,
  hasSklearn,
  headOf,
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

  it.each(withLayers)("runs predict.py to the same probabilities: %s", async (_, model) => {
    expect(await folder.unpack(await write(npz, model))).toEqual([
      "model.npz",
      "predict.py",
      "metadata.json",
      "README.md",
    ]);
    const lines = folder.run("predict.py", "x.npy").trim().split("\n");
    const right = expected(model);
    const found = lines.flatMap((line) => line.split(" ").slice(-classes.length).map(Number));
    expectSame(found, model);
    lines.forEach((line, row) => {
      const mine = Array.from(right.subarray(row * classes.length, (row + 1) * classes.length));
      expect(line.startsWith(classes[mine.indexOf(Math.max(...mine))]!)).toBe(true);
    });
  });

  it.skipIf(!hasSklearn)("is a scikit-learn classifier in the README's few lines", async () => {
    await folder.unpack(await write(npz, models[0]!));
    const found = folder.run(
      "-c",
      `import re
code = re.search("\`\`\`python\\n(.*?)\`\`\`", open("README.md").read(), re.S).group(1)
import numpy as np
embeddings = np.load("x.npy")
exec(code.replace("classifier.predict_proba", "p = classifier.predict_proba"))
print(*p.ravel())`,
    );
    expectSame(found.trim().split(" ").map(Number), models[0]!);
  });
});

it("says where a model is more than layers, and needs one", () => {
  expect(() => npz.write(sourceOf([], { head: headOf(models[2]!) }), null)).toThrow(
    /holds layers, and a model of the kind “k-nearest” is more/,
  );
  expect(npz.needsHead).toBe(true);
  expect(() => npz.write(sourceOf([]), null)).toThrow(/no trained model/);
});
