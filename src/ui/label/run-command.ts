// Carries out a command of the label screen and says what it did where the screen itself does not show it.

import { answerName } from "../../state/asked";
import type { Session } from "../../state/session.svelte";
import { notify } from "../widgets/notify";
import type { Command } from "./commands";

type ScreenCommand = Exclude<Command, { type: "zoom" | "why" | "help" }>;

export async function runCommand(session: Session, command: ScreenCommand): Promise<void> {
  const { labelling, project } = session;
  const { asked } = labelling;
  switch (command.type) {
    case "class":
      if (project.answerMode === "multiple") labelling.tick(command.classId);
      else await labelling.answer({ type: "classes", classIds: [command.classId] });
      return;
    case "confirm":
      if (project.answerMode === "multiple")
        await labelling.answer({ type: "classes", classIds: [...labelling.ticked] });
      else if (asked?.guess) await labelling.answer({ type: "classes", classIds: [asked.guess] });
      return;
    case "skip":
    case "unsure":
      await labelling.answer({ type: command.type });
      return;
    case "back": {
      const shown = labelling.recent.findIndex((itemId) => itemId === asked?.item.itemId);
      const before = labelling.recent[shown + 1];
      if (before) await labelling.revisit(before);
      return;
    }
    case "undo":
    case "redo":
      // The banner says why nothing happens.
      if (session.leads) await revoke(session, command.type);
  }
}

async function revoke(session: Session, type: "undo" | "redo"): Promise<void> {
  const [changed, ...more] = await session.labelling[type]();
  if (!changed) {
    notify.info(type === "undo" ? "There is nothing to undo." : "There is nothing to redo.", { id: "undo" });
    return;
  }
  const verb = type === "undo" ? "Took back" : "Put back";
  if (more.length > 0) {
    notify.info(`${verb} ${(more.length + 1).toLocaleString("en")} labels that were given in one step.`, {
      id: "undo",
    });
    return;
  }
  const row = session.items.rowOf(changed.itemId);
  const item = row === undefined ? null : await session.loadItem(row);
  const name = answerName(changed.answer, session);
  notify.info(`${verb} “${name}” on ${item?.name ?? "an item"}.`, { id: "undo" });
}
