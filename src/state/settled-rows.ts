// Which rows wait for an answer, one byte each, brought up to date with every event: a round asks it of all rows.

import type { ItemId, Row } from "../core/ids";
import type { ItemIndex } from "../core/item-index";
import type { LabelState } from "../core/labels";
import type { LiveTrainingView } from "../core/training-view";

export class SettledRows {
  readonly #items: ItemIndex;
  readonly #labels: LabelState;
  /** 1 for each row that is not waiting for an answer. */
  #settled = new Uint8Array(0);
  #of: LiveTrainingView | null = null;

  constructor(items: ItemIndex, labels: LabelState) {
    this.#items = items;
    this.#labels = labels;
  }

  has(row: Row, live: LiveTrainingView): boolean {
    return this.#upToDate(live)[row] === 1;
  }

  /** Rows below `rows` that wait for an answer, ascending. */
  waiting(rows: number, live: LiveTrainingView): Uint32Array<ArrayBuffer> {
    const settled = this.#upToDate(live);
    const waiting = new Uint32Array(rows);
    let count = 0;
    for (let row = 0; row < rows; row++) if (settled[row] !== 1) waiting[count++] = row;
    return waiting.slice(0, count);
  }

  /** After events were folded: the items they said something about. */
  update(itemIds: Iterable<ItemId>, live: LiveTrainingView): void {
    if (this.#of === live) this.#settle(itemIds, live);
  }

  #upToDate(live: LiveTrainingView): Uint8Array {
    if (this.#of === live && this.#settled.length === this.#items.length) return this.#settled;
    this.#settled = new Uint8Array(this.#items.length);
    this.#of = live;
    this.#settle(this.#labels.items.keys(), live);
    return this.#settled;
  }

  #settle(itemIds: Iterable<ItemId>, { view }: LiveTrainingView): void {
    for (const itemId of itemIds) {
      const row = this.#items.rowOf(itemId);
      if (row !== undefined && row < this.#settled.length)
        this.#settled[row] = view.standing(itemId) === "waiting" ? 0 : 1;
    }
  }
}
