// The room an import has left is looked at again while it runs, and said no more once it has ended.

import { afterEach, expect, test, vi } from "vitest";
import { RoomWatch, type Room } from "../../src/state/import-room";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function browserWith(usedBytes: () => number): void {
  const estimate = async () => ({ usage: usedBytes(), quota: 1000 });
  vi.stubGlobal("navigator", { storage: { estimate, persisted: async () => false } });
}

test("what is left shrinks with what went in, and with what others take", async () => {
  vi.useFakeTimers();
  let used = 200;
  browserWith(() => used);
  const told: Room[] = [];
  const watch = new RoomWatch({ needBytes: 400, freeBytes: 800 }, (room) => told.push(room));
  watch.note(0.1);
  expect(told).toEqual([]);
  await vi.advanceTimersByTimeAsync(2500);
  used = 700;
  watch.note(0.25);
  watch.note(0.26);
  await vi.advanceTimersByTimeAsync(0);
  expect(told).toEqual([{ needBytes: 300, freeBytes: 300 }]);
  await vi.advanceTimersByTimeAsync(2500);
  used = 1200;
  watch.note(0.5);
  await vi.advanceTimersByTimeAsync(0);
  expect(told.at(-1)).toEqual({ needBytes: 200, freeBytes: 0 });
  await vi.advanceTimersByTimeAsync(2500);
  watch.note(0.9);
  watch.end();
  await vi.advanceTimersByTimeAsync(0);
  expect(told).toHaveLength(2);
});
