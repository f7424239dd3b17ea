// A question on its way to the screen and its answer on the way to the log.

import type { Answer, AnswerEvent, QuestionSource, Slice, Stage } from "../core/event";
import type { ClassId, Row } from "../core/ids";
import type { Item } from "../core/item";
import { activeClasses } from "../core/project";
import type { Neighbour, Question } from "../core/round";
import type { Picture } from "./pictures";
import type { Session } from "./session.svelte";

/** One question as it is on screen. */
export interface Asked {
  readonly item: Item;
  readonly picture: Picture;
  readonly source: QuestionSource;
  readonly slice: Slice;
  readonly reason: string;
  readonly round: number;
  readonly strategyId: string;
  /** Its answer checks the model, so what the model thinks is kept from whoever gives it for the first time. */
  readonly blind: boolean;
  readonly guess: ClassId | null;
  readonly confidence: number | null;
  readonly probabilities: ReadonlyMap<ClassId, number>;
  /** What the strategy ranked it by; null where no round chose it. */
  readonly score: number | null;
  readonly stage: Stage | null;
  readonly nearest: readonly Neighbour[];
  /** The question as a look between two rounds chose it; null for those of a round, which are kept with it. */
  readonly chosen: { readonly question: Question; readonly classIds: readonly ClassId[] } | null;
}

/** A question of a round, or just a row with a reason. */
export type Wanted = Partial<Question> &
  Pick<Question, "row" | "source" | "reason"> & { readonly slice?: Slice | undefined };

/**
 * Loads and decodes what the question is about. null where the item is gone.
 * @param ahead items read before, by row.
 */
export async function prepareAsked(
  session: Session,
  wanted: Wanted,
  ahead: ReadonlyMap<Row, Item>,
): Promise<Asked | null> {
  // Taken now: a round that ends while the picture loads may have other classes.
  const { queue } = session.learning;
  const { classIds } = queue;
  const chosen = queue.between ? queue.questions.find((one) => one === wanted) : undefined;
  const item = ahead.get(wanted.row) ?? (await session.loadItem(wanted.row));
  if (!item) return null;
  const picture = await session.pictures.full(item);
  const slice = sliceOf(session, item, wanted);
  const blind = slice === "hold-out" && !session.labels.current(item.itemId);
  const opinion: Partial<Question> = blind ? {} : wanted;
  return {
    item,
    picture,
    source: wanted.source,
    slice,
    reason: wanted.source === "review" ? `${wanted.reason} ${nowLabelled(session, item)}` : wanted.reason,
    round: queue.round,
    strategyId: queue.strategyId,
    blind,
    guess: opinion.guess == null ? null : (classIds[opinion.guess] ?? null),
    confidence: opinion.confidence ?? null,
    probabilities: new Map((opinion.probabilities ?? []).map((value, at) => [classIds[at]!, value])),
    score: wanted.score ?? null,
    stage: wanted.stage ?? null,
    nearest: wanted.nearest ?? [],
    chosen: chosen ? { question: chosen, classIds } : null,
  };
}

/** What looks between two rounds asked, to be kept with a round of these classes: guesses in others are left out. */
export function askedBefore(asked: readonly Asked[], classIds: readonly ClassId[]): Question[] {
  return asked.flatMap(({ chosen }) => {
    if (!chosen) return [];
    const same = chosen.classIds.join() === classIds.join();
    return [
      same ? chosen.question : { ...chosen.question, guess: null, confidence: null, probabilities: [] },
    ];
  });
}

/** Once in the hold-out, always in the hold-out, also when the answer was undone and is given anew. */
function sliceOf({ labels }: Session, { itemId }: Item, { source, score, slice }: Wanted): Slice {
  const before = labels.slice(itemId) ?? labels.history(itemId).at(-1)?.slice;
  // A round draws for the hold-out, and its questions have a score; what is drawn without one says so itself.
  return before ?? slice ?? (source === "random" && score !== undefined ? "hold-out" : "train");
}

export function answerEvent(session: Session, asked: Asked, answer: Answer, tookMs: number): AnswerEvent {
  const id = session.nextEventId();
  return {
    type: "answer",
    id,
    step: id,
    projectId: session.project.id,
    at: Date.now(),
    annotator: session.annotator,
    itemId: asked.item.itemId,
    answer,
    slice: asked.slice,
    origin: "person",
    shown: {
      round: asked.round,
      strategyId: asked.strategyId,
      source: asked.source,
      ...(asked.stage && { stage: asked.stage }),
      guess: asked.guess,
      confidence: asked.confidence,
    },
    tookMs: Math.max(0, Math.round(tookMs)),
  };
}

function nowLabelled(session: Session, { itemId }: Item): string {
  const now = session.labels.current(itemId);
  return now ? `It is labelled “${answerName(now.answer, session)}” now; answer again either way.` : "";
}

export function answerName(answer: Answer, session: Session): string {
  if (answer.type !== "classes") return answer.type;
  const names = activeClasses(session.project)
    .filter(({ id }) => answer.classIds.includes(id))
    .map(({ name }) => name);
  return names.length > 0 ? names.join(", ") : "none of the classes";
}
