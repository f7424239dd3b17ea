// What is gone on with after a failure: the same tier once, then the next slower one.

import { expect, test } from "vitest";
import { Recovery, tiersToTry } from "../../src/core/recovery";

const minute = 60_000;

test("each tier gets one more try before the next", () => {
  const recovery = new Recovery();
  const tiers = [];
  for (let tier = recovery.after("webgpu", 0); tier; tier = recovery.after(tier, tiers.length))
    tiers.push(tier);
  expect(tiers).toEqual(["webgpu", "wasm", "wasm", "cpu", "cpu"]);
  expect(recovery.fastest).toBe("cpu");
});

test("a failure long ago is forgiven", () => {
  const recovery = new Recovery();
  expect(recovery.after("webgpu", 0)).toBe("webgpu");
  expect(recovery.after("webgpu", 11 * minute)).toBe("webgpu");
  expect(recovery.after("webgpu", 12 * minute)).toBe("wasm");
});

test("tiers that failed are not tried again, whatever is preferred", () => {
  expect(tiersToTry("auto")).toEqual(["webgpu", "wasm", "cpu"]);
  expect(tiersToTry("wasm")).toEqual(["wasm", "cpu"]);
  expect(tiersToTry("auto", "wasm")).toEqual(["wasm", "cpu"]);
  expect(tiersToTry("webgpu", "wasm")).toEqual(["wasm", "cpu"]);
  expect(tiersToTry("cpu", "webgpu")).toEqual(["cpu"]);
});
