// Labels for texts that are in the project already: a table given a second time, with its labels filled in.

import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Answer } from "../../../src/core/event";
import type { ClassId, ProjectId } from "../../../src/core/ids";
import { Shell } from "../../../src/state/shell.svelte";
import type { Session } from "../../../src/state/session.svelte";
import { makeProject, openEmptied, projectId, unusedName } from "../stored";

let shell: Shell;
let project: ProjectId;
let session: Session;

beforeAll(async () => {
  await openEmptied();
  shell = new Shell();
  await shell.open();
});

beforeEach(async () => {
  project = projectId(unusedName());
  const classes = ["cat", "dog"].map((name) => ({
    id: name as ClassId,
    name,
    color: "#000000",
    key: "",
    definition: "",
    removed: false,
  }));
  await shell.addProject({ ...makeProject("text", project), classes });
  session = (await shell.openSession(project))!;
});

afterEach(() => shell.closeSession());

/** Gives the table and says that its second column holds labels. */
async function give(...rows: string[]): Promise<void> {
  const file = new File([["text,kind", ...rows].join("\n")], "pets.csv");
  await session.importing.look(Promise.resolve({ files: [{ path: "pets.csv", file }], unopened: [] }));
  const choice = { textColumn: "text", givenColumn: "kind" };
  await session.importing.start(choice, true, await session.importing.survey(choice));
}

function said(): Record<string, Answer | undefined> {
  const found: Record<string, Answer | undefined> = {};
  for (let row = 0; row < session.items.length; row++)
    found[row] = session.labels.current(session.items.idOf(row))?.answer;
  return found;
}

const as = (...classIds: string[]) => ({ type: "classes", classIds });

test("go in where nothing was said; where something else was said, that stays and is named", async () => {
  await give("meow,cat", "woof,", "purr,", "growl,dog");
  expect(said()).toEqual({ 0: as("cat"), 1: undefined, 2: undefined, 3: as("dog") });
  await give("meow,dog", "woof,dog", "purr,cat", "growl,dog", "chirp,cat", "chirp,dog");
  expect(said()).toEqual({ 0: as("cat"), 1: as("dog"), 2: as("cat"), 3: as("dog"), 4: as("cat") });
  expect(session.importing.records[0]).toMatchObject({ added: 1, duplicates: 5, labels: 3, finished: true });
  const messages = session.importing.records[0]!.problems.map(({ message }) => message);
  expect(messages).toContain(
    "pets.csv, row 1 is labelled “cat” in the project and “dog” in the file; “cat” stays.",
  );
  expect(messages).toContain(
    "pets.csv, row 6, the same as pets.csv, row 5, is labelled “cat” in the project and “dog” in the file; “cat” stays.",
  );
  expect(messages.filter((message) => message.includes("stays."))).toHaveLength(2);
  // Labels of one import are one step, and a third time says nothing new.
  await give("woof,dog", "purr,cat");
  expect(session.importing.records[0]).toMatchObject({ added: 0, labels: 0, duplicates: 2 });
});
