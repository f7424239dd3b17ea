// A session without a browser: the fold, the index and the training view are the real ones, storage is a list.

import type { LabelEvent } from "../../src/core/event";
import type { ItemId, Row } from "../../src/core/ids";
import { ItemIndex, packItemIds } from "../../src/core/item-index";
import { applyEvent, createLabelState, trainingView } from "../../src/core/labels";
import { defaultSettings, type Project } from "../../src/core/project";
import type { Session } from "../../src/state/session.svelte";
import { classId } from "../core/make-events";

export const idOfRow = (row: Row) => (row + 1).toString(16).padStart(64, "0") as ItemId;

export interface FakeSession {
  readonly session: Session;
  readonly events: LabelEvent[];
}

/** @param more what the code under test asks of the session besides labels. */
export function fakeSession(rows: number, classNames: readonly string[], more: object = {}): FakeSession {
  const events: LabelEvent[] = [];
  const labels = createLabelState();
  const items = new ItemIndex();
  items.append(packItemIds(Array.from({ length: rows }, (_, row) => idOfRow(row))));
  const project = {
    id: "project",
    answerMode: "single",
    settings: { ...defaultSettings, seed: 1 },
    classes: classNames.map((name) => ({ id: classId(name), name, color: "#1D6FB8", removed: false })),
  } as unknown as Project;
  let made = 0;
  const session = {
    project,
    annotator: "Ada",
    labels,
    items,
    leads: true,
    logVersion: 0,
    get view() {
      return trainingView(labels, project);
    },
    isSettled: (row: Row) => session.view.settled.has(idOfRow(row)),
    waitingRows: (count: number) =>
      Uint32Array.from(
        Array.from({ length: count }, (_, row) => row).filter((row) => !session.isSettled(row)),
      ),
    nextEventId: () => String((made += 1)).padStart(6, "0"),
    appendMany: async (given: readonly LabelEvent[]) => {
      for (const event of given) {
        applyEvent(labels, event);
        events.push(event);
      }
    },
    labelling: { advanceIfIdle: async () => undefined },
    ...more,
  };
  return { session: session as unknown as Session, events };
}
