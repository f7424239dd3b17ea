// Vectors computed elsewhere in real storage: which item gets which, the account of what did not fit, and that
// nothing is ever computed in their place.

import { beforeEach, expect, test } from "vitest";
import type { ItemId } from "../../src/core/ids";
import type { Database } from "../../src/storage/database";
import { listLearntUnder, loadEmbeddings } from "../../src/storage/embedding-store";
import { addItems } from "../../src/storage/item-store";
import { saveProject } from "../../src/storage/project-store";
import { createEmbedder } from "../../workers/embedder";
import { hashBytes } from "../../workers/importing/hash";
import { makeItem, makeProject, openEmptied, projectId } from "./stored";

const project = projectId();
let database: Database;

beforeEach(async () => {
  database = await openEmptied();
  await saveProject(database, makeProject("text"));
  await addItems(
    database,
    project,
    ["a", "b", "c", "d"].map((name) => makeItem(name)),
  );
});

const csv = (text: string, name = "vectors.csv") => new File([text], name);
const take = (...files: File[]) => createEmbedder().importVectors(project, files, () => {});
const embed = (id: string) => createEmbedder().embed(project, id, 1, () => {});

test("each item gets its vector at length 1, and what does not fit is accounted for", async () => {
  const account = await take(csv('id,v\nc,"[0,2]"\na,"[3,4]"\nb,"[NaN,1]"\nnobody,"[1,1]"\na,"[9,9]"\n'));
  expect(account).toMatchObject({
    source: "vectors.csv",
    dims: 2,
    matched: 2,
    items: 4,
    unknown: 1,
    unknownNames: ["nobody"],
    repeated: 1,
    ambiguous: 0,
    faulty: 1,
  });
  expect(account.missing).toEqual(["texts/b.txt/b", "texts/d.txt/d"]);
  const { encoderKey, rows, dims, note } = await embed(account.id);
  expect([encoderKey, rows, dims]).toEqual([account.id, 4, 2]);
  expect(note).toContain("2 of 4 items have no vector in vectors.csv");
  const { values } = await loadEmbeddings(database, project, encoderKey);
  [0.6, 0.8, 0, 0, 0, 1, 0, 0].forEach((value, at) => expect(values[at]).toBeCloseTo(value, 6));
});

test("items that come later have no vector, and the earlier ones keep theirs", async () => {
  const account = await take(csv('id,v\na,"[1,0]"\nb,"[0,1]"\nc,"[1,0]"\nd,"[0,1]"\n'));
  expect((await embed(account.id)).note).toBeNull();
  await addItems(database, project, [makeItem("e")]);
  const { rows, note } = await embed(account.id);
  expect(rows).toBe(5);
  expect(note).toContain("1 of 5 items have no vector");
  const { values } = await loadEmbeddings(database, project, account.id);
  expect([...values]).toEqual([1, 0, 0, 1, 1, 0, 0, 1, 0, 0]);
});

test("a text is found by the text itself", async () => {
  const text = "The lift is stuck.";
  const hash = await hashBytes(new TextEncoder().encode(text).buffer as ArrayBuffer);
  const { item, ...rest } = makeItem(text);
  await addItems(database, project, [{ ...rest, item: { ...item, itemId: hash as ItemId, name: "row 1" } }]);
  const account = await take(csv(`text,v\n${text},"[1,0]"\n`));
  expect(account).toMatchObject({ matched: 1, items: 5 });
});

test.each([
  ["of other items", 'id,v\nx,"[1,2]"\n', 'The file calls one "x"'],
  ["that are all zero", 'id,v\na,"[0,0]"\n', "None of the vectors can be used"],
])("vectors %s are refused, and nothing is kept", async (_, text, sentence) => {
  await expect(take(csv(text))).rejects.toThrow(sentence);
  expect(await listLearntUnder(database, project, "vectors-")).toEqual([]);
});

test("vectors without names must be as many as there are items", async () => {
  const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }".padEnd(117) + "\n";
  const start = Uint8Array.of(0x93, 78, 85, 77, 80, 89, 1, 0, 118, 0);
  const file = new File([start, header, Float32Array.of(1, 2, 3, 4, 5, 6)], "v.npy");
  await expect(take(file)).rejects.toThrow("holds 3 vectors, but the project has 4 items");
});

test("a set that is not here is said to be, and nothing is computed in its place", async () => {
  await expect(embed("vectors-gone")).rejects.toThrow("are not on this computer");
  expect(await database.count("embeddings")).toBe(0);
});
