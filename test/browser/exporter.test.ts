// The exporter against real storage: a project as it was when the export began, whatever is done to it meanwhile.

import { beforeEach, expect, test } from "vitest";
import type { ClassId, EventId, ItemId } from "../../src/core/ids";
import type { Database } from "../../src/storage/database";
import { chunkRows, saveChunk } from "../../src/storage/embedding-store";
import { appendEvents } from "../../src/storage/event-store";
import { addItems } from "../../src/storage/item-store";
import { changeProject, deleteProject, saveProject } from "../../src/storage/project-store";
import { saveRound } from "../../src/storage/round-store";
import { createExporter } from "../../workers/exporter";
import { makeEvent, makeItem, makeProject, makeRound, openEmptied, projectId } from "./stored";

const project = projectId();
const rows = 2 * chunkRows + 10;
const idOf = (row: number) => row.toString(16).padStart(64, "0") as ItemId;
const classOf = (id: string) => ({
  id: id as ClassId,
  name: `the ${id}`,
  color: "#000000",
  key: "",
  definition: "",
  removed: false,
});
const job = {
  projectId: project,
  exporterId: "labels-csv",
  labelledOnly: false,
  appVersion: "1",
  createdAt: 1,
};

let database: Database;
let next = 0;

beforeEach(async () => {
  database = await openEmptied();
  const classes = ["cat", "dog"].map(classOf);
  await saveProject(database, { ...makeProject("text"), classes });
  const items = Array.from({ length: rows }, (_, row) => {
    const made = makeItem(`text ${row}`);
    return { ...made, item: { ...made.item, itemId: idOf(row) } };
  });
  await addItems(database, project, items);
});

function say(row: number, classId: string): Promise<void> {
  next += 1;
  const event = makeEvent(next, idOf(row));
  return appendEvents(database, [
    { ...event, answer: { type: "classes", classIds: [classId as ClassId] }, id: event.id as EventId },
  ]);
}

async function write(meanwhile: () => Promise<void> = async () => undefined) {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const passed: number[] = [];
  const problems = await createExporter().write(job, async (bytes, items) => {
    if (bytes) parts.push(bytes);
    passed.push(items);
    await meanwhile();
  });
  const lines = (await new Blob(parts).text()).trim().split("\r\n");
  const names = lines[0]!.replace("\uFEFF", "").split(",");
  const table = lines.slice(1).map((line) => {
    const cells = line.split(",");
    return Object.fromEntries(names.map((name, at) => [name, cells[at]!]));
  });
  return { table, passed, problems };
}

test("a class added and given while the export runs is not in the file", async () => {
  await say(0, "cat");
  let done = false;
  const { table, passed, problems } = await write(async () => {
    if (done) return;
    done = true;
    await changeProject(database, project, (stored) => ({
      ...stored,
      classes: [...stored.classes, classOf("bird")],
    }));
    await say(rows - 1, "bird");
  });
  expect(done).toBe(true);
  expect(table).toHaveLength(rows);
  expect(table[0]).toMatchObject({ label: "the cat", status: "labelled" });
  expect(table.at(-1)).toMatchObject({ label: "", status: "unlabelled" });
  expect(problems).toEqual([]);
  expect(passed.at(-1)).toBe(rows);
  // The next one has it.
  expect((await write()).table.at(-1)).toMatchObject({ label: "the bird", status: "labelled" });
});

test("a wrong label is suspected though the model that learnt it believes it", async () => {
  const dims = 1;
  const values = Float32Array.from({ length: rows }, (_, row) => (row % 2 === 0 ? 1 : -1));
  for (let firstRow = 0; firstRow < rows; firstRow += chunkRows) {
    const part = values.slice(firstRow, firstRow + chunkRows);
    const chunk = { projectId: project, encoderKey: "a@1/1", firstRow, rows: part.length, dims };
    await saveChunk(database, { ...chunk, values: part.buffer });
  }
  // Says "cat" of every row, as surely as of the next: one that learnt its labels by heart.
  const layer = { dims, classes: 2, weights: Float32Array.of(0, 0), bias: Float32Array.of(3, 0) };
  const model = { kind: "linear", layer, activation: "softmax" } as const;
  const about = { projectId: project, encoderKey: "a@1/1", poolRows: rows, at: 1 };
  await saveRound(database, about, { ...makeRound(1), model });
  // Even rows are cats and odd ones dogs, but for one.
  for (let row = 0; row < 30; row++) await say(row, row % 2 === 0 || row === 7 ? "cat" : "dog");
  const { table } = await write();
  const suspects = table.flatMap(({ is_label_issue: issue }, row) => (issue === "true" ? [row] : []));
  expect(suspects).toEqual([7]);
  expect(table[7]).toMatchObject({ predicted_label: "the cat" });
  expect(Number(table[7]!["label_score"])).toBeLessThan(0.5);
});

test("a project deleted before the export says so", async () => {
  await deleteProject(database, project);
  await expect(write()).rejects.toThrow(/was deleted in another tab/);
});
