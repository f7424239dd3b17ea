// Records as Argilla 2 has them.

import { expect, it } from "vitest";
import { exporter } from "../../../src/formats/exporters/argilla";
import { record, sourceOf } from "../export-source";
import { gather } from "../read-all";

const written = async (...args: Parameters<typeof sourceOf>) =>
  JSON.parse(await (await gather(exporter.write(sourceOf(...args), null))).text()) as unknown[];

it("writes fields, responses and suggestions by question", async () => {
  const [first, second, third] = await written([
    record({ text: "good", classes: ["pos"], itemId: "ab" as never, name: "n", slice: "hold-out" }),
    record({ classes: [], status: "skipped", guess: null }),
    record({ classes: [], status: "unlabelled", guess: null, slice: null }),
  ]);
  expect(first).toEqual({
    id: "ab",
    status: "completed",
    fields: { text: "good" },
    metadata: { name: "n", split: "test" },
    suggestions: { label: { value: "yes", score: 0.875, agent: "askwell" } },
    responses: { label: [{ value: "pos", user_id: "Ada", status: "submitted" }] },
    vectors: {},
  });
  expect(second).toMatchObject({
    status: "pending",
    responses: { label: [{ status: "discarded" }] },
    suggestions: {},
  });
  expect(third).toMatchObject({ status: "pending", responses: {} });
});

it("writes lists where an item may have several classes", async () => {
  const [first] = await written([record({ classes: ["a", "b"] })], { answerMode: "multiple" });
  expect(first).toMatchObject({
    responses: { label: [{ value: ["a", "b"] }] },
    suggestions: { label: { value: ["yes"] } },
  });
});
