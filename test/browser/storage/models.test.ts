// Pretrained models in storage: their files come back byte for byte, a model cut short is never listed, and
// removing one leaves the others.

import { beforeEach, expect, test } from "vitest";
import type { PretrainedModel } from "../../../src/core/pretrained";
import type { Database } from "../../../src/storage/database";
import {
  deleteModel,
  listModels,
  loadModel,
  loadModelFiles,
  saveModel,
} from "../../../src/storage/model-store";
import { openEmptied } from "../stored";

let database: Database;
beforeEach(async () => void (database = await openEmptied()));

const megabyte = 1024 * 1024;

/** 17 MB, which is three pieces, with a number at the beginning of each megabyte. */
function largeFile(): Blob {
  const bytes = new Uint8Array(17 * megabyte + 5);
  for (let at = 0; at < 18; at++) bytes[at * megabyte] = at + 1;
  return new Blob([bytes]);
}

const files: Readonly<Record<string, Blob>> = {
  "model.json": new Blob(["{}"]),
  "weights.bin": largeFile(),
  "empty.txt": new Blob([]),
};

function makeModel(id: string): PretrainedModel {
  return {
    id,
    name: `Model ${id}`,
    format: "tfjs-layers",
    kind: "text",
    precision: "float32",
    dims: 8,
    cut: "pool",
    input: { kind: "text", maxTokens: 16, pooling: "mean" },
    files: Object.entries(files).map(([path, { size }]) => ({ path, sizeBytes: size })),
    sizeBytes: 17 * megabyte + 7,
    addedAt: 5,
  };
}

test("a model's files come back as they were, from several pieces", async () => {
  await saveModel(database, makeModel("model-a"), (path) => files[path]!);
  expect(await listModels(database)).toEqual([makeModel("model-a")]);
  const back = new Map(await loadModelFiles(database, (await loadModel(database, "model-a"))!));
  expect([...back.keys()]).toEqual(Object.keys(files));
  expect(await back.get("model.json")!.text()).toBe("{}");
  expect(back.get("empty.txt")!.size).toBe(0);
  const bytes = new Uint8Array(await back.get("weights.bin")!.arrayBuffer());
  expect(bytes.length).toBe(17 * megabyte + 5);
  expect(Array.from({ length: 18 }, (_, at) => bytes[at * megabyte])).toEqual(
    Array.from({ length: 18 }, (_, at) => at + 1),
  );
});

test("one whose files cannot be read in the middle leaves nothing behind", async () => {
  const saving = saveModel(database, makeModel("model-b"), (path) => {
    if (path === "weights.bin") throw new Error("gone");
    return files[path]!;
  });
  await expect(saving).rejects.toThrow("gone");
  expect(await listModels(database)).toEqual([]);
  expect(await database.count("modelPieces")).toBe(0);
});

test("removing one leaves the other", async () => {
  await saveModel(database, makeModel("model-c"), (path) => files[path]!);
  await saveModel(database, makeModel("model-d"), (path) => files[path]!);
  await deleteModel(database, "model-c");
  expect((await listModels(database)).map(({ id }) => id)).toEqual(["model-d"]);
  expect(await database.count("modelPieces")).toBe(5);
});
