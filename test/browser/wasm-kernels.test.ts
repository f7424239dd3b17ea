// The wasm tier starts in a real browser, passes its own check there, and serves in a module worker.

import { expect, test } from "vitest";
import { findDisagreements } from "../../src/core/kernels/kernel-agreement";
import { openKernels } from "../../workers/compute/open-kernels";
import { createWasmKernels } from "../../workers/compute/wasm/wasm-kernels";

test("the tier opens without a note", async () => {
  const { kernels, report } = await openKernels("wasm");
  expect(report).toMatchObject({ tier: "wasm", adapter: null, notes: [] });
  kernels.dispose();
});

test("it answers as the reference does", async () => {
  const kernels = await createWasmKernels();
  expect(await findDisagreements(kernels)).toEqual([]);
  kernels.dispose();
});

test("memory of a disposed matrix comes back", async () => {
  const kernels = await createWasmKernels();
  // Every memory reserves some 10 GB of addresses, of which a process has room for about a hundred.
  for (let turn = 0; turn < 300; turn++) {
    const matrix = await kernels.upload(new Float32Array(64), 4, 16);
    matrix.dispose();
  }
  kernels.dispose();
});
