// The WebGPU kernels agree with core's reference, on the software adapter every machine has: right answers,
// but its speed says nothing, so the questions are small.

import { expect, test } from "vitest";
import { openKernels } from "../../../workers/compute/open-kernels";
import { expectSameAnswers, questions } from "./same-answers";

/** A software adapter on a busy machine. */
const slow = 60_000;
const opening = openKernels("webgpu");

test(
  "webgpu runs here when it is asked for",
  async () => {
    const { kernels, report } = await opening;
    expect(report.notes).toEqual([]);
    expect(report.tier).toBe("webgpu");
    expect(report.adapter).toMatch(/swiftshader/i);
    expect(kernels.tier).toBe("webgpu");
  },
  slow,
);

test.each(questions)(
  "$name: the same answers as the reference",
  async (question) => {
    const { kernels } = await opening;
    expect(kernels.tier).toBe("webgpu");
    await expectSameAnswers(kernels, question, 8);
  },
  slow,
);
