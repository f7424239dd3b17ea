// Labels a group of alike items that somebody has looked at with one class, which may be new, as one step.

import type { ClassId, Row } from "../core/ids";
import { activeClasses, type LabelClass, type Project } from "../core/project";
import { giveAnswers } from "./given-answers";
import { newClasses } from "./new-class";
import type { Session } from "./session.svelte";

/** The class of that name, however it is written; null where there is none. */
export function classNamed(project: Pick<Project, "classes">, name: string): LabelClass | null {
  const wanted = name.trim().toLocaleLowerCase();
  return activeClasses(project).find((one) => one.name.trim().toLocaleLowerCase() === wanted) ?? null;
}

/**
 * Labels those of the rows that wait for an answer; one undo takes the labels back, and leaves a new class.
 * @param name of a class there is, or of a new one. Not empty.
 * @returns how many were labelled. @throws where another tab leads, with nothing changed; StorageFull
 */
export async function nameGroup(session: Session, rows: readonly Row[], name: string): Promise<number> {
  const waiting = rows.filter((row) => !session.isSettled(row));
  if (waiting.length === 0) return 0;
  let classId = classNamed(session.project, name)?.id;
  // This is also where a tab that follows hears that it may not write.
  await session.change(({ classes }) => {
    if (classId !== undefined) return {};
    const [made] = newClasses(classes, [name.trim()], () => session.shell.nextId() as ClassId);
    classId = made!.id;
    return { classes: [...classes, made!] };
  });
  const answer = { type: "classes", classIds: [classId!] } as const;
  const round = session.learning.latest?.number ?? 0;
  const shown = { round, strategyId: "far-group", source: "revisit", guess: null, confidence: null } as const;
  // Chosen for being unlike the rest: no fair draw of all items, so no yardstick.
  await giveAnswers(
    session,
    waiting.map((row) => ({ row, answer, slice: "train", origin: "person", shown })),
  );
  return waiting.length;
}
