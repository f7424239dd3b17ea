// The check before a graphics card is trusted with a model: it must give WebAssembly's embeddings.

import { expect, test } from "vitest";
import {
  openChecked,
  worstCosine,
  type Device,
  type Runner,
} from "../../../workers/encoders/pretrained/runner";

const right = Float32Array.of(1, 2, 3, 3, 2, 1);

/** What each device answers; null where it does not start. Notes what was opened and closed. */
function machine(answers: Readonly<Record<Device, Float32Array | null>>) {
  const events: string[] = [];
  const open = async (device: Device): Promise<Runner<string>> => {
    const answer = answers[device];
    if (!answer) throw new Error(`no ${device} here`);
    events.push(`open ${device}`);
    return { device, dims: 3, run: async () => answer, close: () => void events.push(`close ${device}`) };
  };
  return { events, open };
}

const devices: readonly Device[] = ["webgpu", "wasm", "cpu"];

test("a graphics card that agrees is used", async () => {
  const { open, events } = machine({ webgpu: right.map((value) => value * 1.001), wasm: right, cpu: right });
  const { runner, note } = await openChecked(devices, open, () => "probe");
  expect([runner.device, note]).toEqual(["webgpu", null]);
  expect(events).toEqual(["open wasm", "close wasm", "open webgpu"]);
});

test("one that gives other embeddings is not, and the person is told", async () => {
  const { open, events } = machine({ webgpu: Float32Array.of(1, 2, 3, -3, 2, 1), wasm: right, cpu: right });
  const { runner, note } = await openChecked(devices, open, () => "probe");
  expect(runner.device).toBe("wasm");
  expect(note).toMatch(
    /gives other embeddings than WebAssembly.*cosine -0\.286.*WebAssembly is used instead/,
  );
  expect(events.at(-2)).toBe("close webgpu");
});

test("one that gives no numbers, or does not start, is not used either", async () => {
  const mute = machine({ webgpu: right.map(() => Number.NaN), wasm: right, cpu: right });
  expect((await openChecked(devices, mute.open, () => "probe")).note).toMatch(/other embeddings/);
  const absent = machine({ webgpu: null, wasm: right, cpu: right });
  const { runner, note } = await openChecked(devices, absent.open, () => "probe");
  expect(runner.device).toBe("wasm");
  expect(note).toMatch(/could not run this model \(no webgpu here\)/);
});

test("without a graphics card the next device is taken without a word, and the last failure is told", async () => {
  const slow = machine({ webgpu: null, wasm: null, cpu: right });
  expect(await openChecked(["wasm", "cpu"], slow.open, () => "probe")).toMatchObject({
    runner: { device: "cpu" },
    note: null,
  });
  const none = machine({ webgpu: null, wasm: null, cpu: null });
  await expect(openChecked(["wasm", "cpu"], none.open, () => "probe")).rejects.toThrow("no cpu here");
});

test("the worst row counts", () => {
  expect(worstCosine(right, right, 3)).toBeCloseTo(1, 6);
  expect(worstCosine(Float32Array.of(1, 2, 3, 0, 0, 0), right, 3)).toBe(-1);
});
