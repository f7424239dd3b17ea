// `npm run add-model`: a folder is copied and indexed, a hub (here one of our own on this machine) is asked for
// the files that are needed and no others, and what is no model leaves nothing behind.

import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeEach, expect, onTestFinished, test } from "vitest";

const run = promisify(execFile);
const fixtures = fileURLToPath(new URL("../fixtures/onnx", import.meta.url));

let models: string;
beforeEach(() => {
  models = mkdtempSync(join(tmpdir(), "askwell-models-"));
  return () => rmSync(models, { recursive: true, force: true });
});

async function addModel(source: string, hub = "http://127.0.0.1:9", ...rest: string[]): Promise<string> {
  const { stdout } = await run("node", ["scripts/add-model.mjs", source, "--into", models, ...rest], {
    env: { ...process.env, HF_ENDPOINT: hub },
  });
  return stdout;
}

interface Indexed {
  readonly name: string;
  readonly files: readonly { readonly path: string; readonly sizeBytes: number }[];
}
const index = () => JSON.parse(readFileSync(join(models, "index.json"), "utf8")) as Indexed[];

test("a folder is copied whole and listed with its files", async () => {
  expect(await addModel(join(fixtures, "tiny-bert"))).toContain("Models offered now: tiny-bert");
  expect(index().map(({ name, files }) => [name, files.map(({ path }) => path)])).toEqual([
    ["tiny-bert", ["config.json", "onnx/model.onnx", "tokenizer.json", "tokenizer_config.json"]],
  ]);
  const { sizeBytes } = index()[0]!.files[1]!;
  expect(sizeBytes).toBe(readFileSync(join(fixtures, "tiny-bert/onnx/model.onnx")).length);
  await expect(addModel(join(fixtures, "tiny-bert"))).rejects.toThrow(/is there already/);
  await addModel(join(fixtures, "tiny-vit"));
  expect(index().map(({ name }) => name)).toEqual(["tiny-bert", "tiny-vit"]);
});

test("what is no model is refused and leaves nothing behind", async () => {
  await expect(addModel("scripts")).rejects.toThrow(/holds no model the app can use/);
  await expect(addModel("no such folder")).rejects.toThrow(/There is no folder no such folder/);
  expect(readdirSync(models)).toEqual([]);
});

test("a hub is asked for the files that are needed", async () => {
  const asked: string[] = [];
  const files = [
    "config.json",
    "tokenizer.json",
    "onnx/model.onnx",
    "onnx/model_fp16.onnx",
    "pytorch_model.bin",
  ];
  const server = createServer((request, response) => {
    asked.push(request.url!);
    if (request.url === "/api/models/tiny/bert")
      return response.end(JSON.stringify({ siblings: files.map((rfilename) => ({ rfilename })) }));
    const path = join(fixtures, request.url!.replace("/tiny/bert/resolve/main", "tiny-bert"));
    if (existsSync(path)) return response.end(readFileSync(path));
    response.statusCode = 404;
    return response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const hub = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await addModel("tiny/bert", hub);
  expect(asked.slice(1).sort()).toEqual(
    ["config.json", "onnx/model.onnx", "tokenizer.json"].map((path) => `/tiny/bert/resolve/main/${path}`),
  );
  expect(readFileSync(join(models, "bert/onnx/model.onnx"))).toEqual(
    readFileSync(join(fixtures, "tiny-bert/onnx/model.onnx")),
  );
  await expect(addModel("tiny/other", hub)).rejects.toThrow(/answered 404/);
  await expect(addModel("tiny/third", "http://127.0.0.1:9")).rejects.toThrow(/cannot be reached/);
  expect(index().map(({ name }) => name)).toEqual(["bert"]);
});
