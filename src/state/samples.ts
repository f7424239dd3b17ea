// The sample projects that come with the page, and making a project of one.

import type { ClassId, ProjectId } from "../core/ids";
import { defaultSettings, type ItemKind, type LabelClass, type Project } from "../core/project";
import { hashText } from "../core/random";
import type { Shell } from "./shell.svelte";

export interface Sample {
  readonly id: string;
  readonly name: string;
  readonly summary: string;
  readonly kind: ItemKind;
  readonly answerMode: "single";
  readonly guidelines: string;
  readonly classes: readonly Pick<LabelClass, "name" | "key" | "color" | "definition">[];
  /** Under samples/. */
  readonly file: string;
  readonly textColumn?: string;
  readonly itemCount: number;
  readonly sizeBytes: number;
}

export async function listSamples(): Promise<Sample[]> {
  const answer = await fetch(new URL("samples/samples.json", document.baseURI));
  if (!answer.ok)
    throw new Error("The sample projects could not be read. Reload the page, or make a project of your own.");
  const described: unknown = await answer.json();
  return Array.isArray(described) ? (described as Sample[]) : (described as { samples: Sample[] }).samples;
}

/** Makes the project, opens it and starts reading its items in. */
export async function openSample(shell: Shell, sample: Sample): Promise<ProjectId> {
  const answer = await fetch(new URL(`samples/${sample.file}`, document.baseURI));
  if (!answer.ok)
    throw new Error(`The sample "${sample.name}" could not be read. Reload the page and try again.`);
  const file = new File([await answer.blob()], sample.file.slice(sample.file.lastIndexOf("/") + 1));
  const project = newProject(shell, sample);
  await shell.addProject({
    ...project,
    guidelines: sample.guidelines,
    classes: sample.classes.map((one) => ({ ...one, id: shell.nextId() as ClassId, removed: false })),
  });
  const session = await shell.openSession(project.id);
  await session?.importing.look(Promise.resolve({ files: [{ path: file.name, file }], unopened: [] }));
  if (sample.textColumn)
    await session?.importing.start({ textColumn: sample.textColumn, givenColumn: null }, false);
  return project.id;
}

export function newProject(shell: Shell, about: Pick<Project, "name" | "kind" | "answerMode">): Project {
  const id = shell.nextId() as ProjectId;
  const now = Date.now();
  return {
    id,
    name: about.name,
    kind: about.kind,
    answerMode: about.answerMode,
    classes: [],
    guidelines: "",
    settings: { ...defaultSettings, seed: hashText(id) },
    createdAt: now,
    changedAt: now,
  };
}
