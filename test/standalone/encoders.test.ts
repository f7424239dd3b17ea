// A classifier page can carry the encoder every new project starts with, and its program is fit to stand in a page.

import { expect, it } from "vitest";
import { standaloneEncoderIds, standaloneScript } from "../../src/engine/standalone-script";
import { defaultEncoder } from "../../workers/encoders/registry";

it.each(["image", "text"] as const)("carries the usual encoder of %ss", async (kind) => {
  expect(standaloneEncoderIds[kind]).toContain(defaultEncoder(kind).id);
  const script = await standaloneScript(kind);
  for (const id of standaloneEncoderIds[kind]) expect(script).toContain(id);
  expect(script.length).toBeLessThan(200_000);
  // What would read as markup inside a script, or run text as code.
  expect(script).not.toMatch(/<!--|<\/script|\beval\(|new Function|innerHTML|\bimport\s*\(/i);
});
