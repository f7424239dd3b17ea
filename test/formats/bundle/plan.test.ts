// Plans out of bundles: sound ones, old ones without some of it, and ones that would break the screen.

import { expect, test } from "vitest";
import { noPlan } from "../../../src/core/plan";
import { BundleDamaged } from "../../../src/formats/bundle/damaged";
import { readPlan } from "../../../src/formats/bundle/plan";
import { readProject } from "../../../src/formats/bundle/records";
import { projectOf } from "./make-bundle";

test("a plan comes back as it was written, also with its project", () => {
  const plan = {
    ...noPlan,
    budget: 70,
    target: 0.9,
    ruleParameters: { plateau: { span: 40 } },
    writtenAt: 5,
  };
  expect(readPlan({ ...plan }, "project.json")).toEqual(plan);
  expect(readProject({ ...projectOf("text"), plan }, "project.json").plan).toEqual(plan);
  expect(readProject(projectOf("text"), "project.json").plan).toBeUndefined();
});

test("what is left out is as without a plan", () => {
  expect(readPlan({ budget: 70 }, "project.json")).toEqual({ ...noPlan, budget: 70 });
});

test.each([
  { budget: "many" },
  { target: NaN },
  { currency: 7 },
  { rules: "all" },
  { rules: [1] },
  { ruleParameters: [] },
  { ruleParameters: { plateau: { span: "far" } } },
  { writtenAt: -1 },
])("%o is refused", (change) => {
  expect(() => readPlan(change, "project.json")).toThrow(BundleDamaged);
});
