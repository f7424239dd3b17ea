// The classifier page as a file: its policy fits its own script and style, and nothing of the project is markup. It
// is run in a browser by test/e2e/standalone.test.ts.

import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { unpack } from "../../../src/formats/bundle/packed";
import { exporter } from "../../../src/formats/exporters/html-classifier";
import { sourceOf } from "../export-source";
import { classes, headOf, models } from "../exported-models";
import { gather } from "../read-all";

const forged = "</title><script>alert(1)</script>";
const sha256 = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

async function pageOf(script: string): Promise<string> {
  const encoderState = { axes: new Float32Array(100_000).fill(0.25) };
  const head = headOf(models[0]!);
  const source = sourceOf([], {
    head,
    projectName: forged,
    standalone: async () => ({ script, encoderState }),
  });
  return (await gather(exporter.write(source, null))).text();
}

it("allows its own script and style and nothing else", async () => {
  const html = await pageOf("console.log('</script><b>')");
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)![1]!;
  const program = /<script>([^]*?)<\/script>/.exec(html)![1]!;
  const style = /<style>([^]*?)<\/style>/.exec(html)![1]!;
  expect(policy.split("; ")).toEqual([
    "default-src 'none'",
    `script-src ${sha256(program)}`,
    `style-src ${sha256(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ]);
  expect(program).toBe("console.log('<\\/script><b>')");
});

it("carries model and encoder as data, and names as text", async () => {
  const html = await pageOf("1");
  expect(html).not.toContain(forged);
  expect(html.match(/<script/g)).toHaveLength(2);
  const data = /id="model">([^<]+)</.exec(html)![1]!;
  const found = unpack(new Uint8Array(Buffer.from(data, "base64")), "page") as Record<string, unknown>;
  expect(found).toMatchObject({ project: forged, classes, encoderId: "text-hash", model: models[0] });
  expect((found["encoderState"] as { axes: Float32Array }).axes).toHaveLength(100_000);
});

it("needs a model", () => {
  expect(exporter.needsHead).toBe(true);
  expect(() => exporter.write(sourceOf([]), null)).toThrow(/no trained model/);
});
