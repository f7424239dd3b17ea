// Two tabs on one project, played by two parties in one page: Web Locks and broadcasts do not know the
// difference.

import { expect, test } from "vitest";
import type { ProjectId } from "../../../src/core/ids";
import { openLeadership, type Leadership } from "../../../src/storage/leadership";
import { openTabChannel, type TabMessage } from "../../../src/storage/tab-channel";
import { projectId, unusedName } from "../stored";

interface Tab extends Leadership {
  /** What the tab was told so far. */
  readonly told: readonly boolean[];
  /** Resolves with the answer number `count`, counted from 1. */
  answer(count: number): Promise<boolean>;
}

function openTab(project: ProjectId): Tab {
  const told: boolean[] = [];
  const waiting = new Map<number, (leads: boolean) => void>();
  const leadership = openLeadership(project, (leads) => {
    told.push(leads);
    waiting.get(told.length)?.(leads);
  });
  return {
    told,
    answer: (count) =>
      told.length >= count
        ? Promise.resolve(told[count - 1]!)
        : new Promise((resolve) => waiting.set(count, resolve)),
    get leads() {
      return leadership.leads;
    },
    take: () => leadership.take(),
    close: () => leadership.close(),
  };
}

const unusedProject = () => projectId(unusedName());

/** Resolves once the browser has dealt with every request for this lock made before. */
async function settled(project: ProjectId): Promise<LockManagerSnapshot> {
  const mine = ({ name }: LockInfo) => name === `askwell-lead-${project}`;
  const { held, pending } = await navigator.locks.query();
  return { held: held!.filter(mine), pending: pending!.filter(mine) };
}

test("the first leads, the second follows", async () => {
  const project = unusedProject();
  const first = openTab(project);
  expect(await first.answer(1)).toBe(true);
  const second = openTab(project);
  expect(await second.answer(1)).toBe(false);
  expect([first.leads, second.leads]).toEqual([true, false]);
  const elsewhere = openTab(unusedProject());
  expect(await elsewhere.answer(1)).toBe(true);
  expect(first.told).toEqual([true]);
});

test("taking the lead swaps the two, as often as they like", async () => {
  const project = unusedProject();
  const [first, second] = [openTab(project), openTab(project)];
  await Promise.all([first.answer(1), second.answer(1)]);
  for (let turn = 0; turn < 3; turn++) {
    const [leader, follower] = first.leads ? [first, second] : [second, first];
    const next = [leader.told.length + 1, follower.told.length + 1] as const;
    follower.take();
    expect([await leader.answer(next[0]), await follower.answer(next[1])]).toEqual([false, true]);
    expect([leader.leads, follower.leads]).toEqual([false, true]);
  }
});

test("closing hands the lead over, also to the one it was taken from", async () => {
  const project = unusedProject();
  const first = openTab(project);
  await first.answer(1);
  const second = openTab(project);
  await second.answer(1);
  second.take();
  expect([await first.answer(2), await second.answer(2)]).toEqual([false, true]);
  second.close();
  expect(await first.answer(3)).toBe(true);
  expect(second.told).toEqual([false, true]);
});

test("taking what one has already changes nothing", async () => {
  const project = unusedProject();
  const first = openTab(project);
  await first.answer(1);
  first.take();
  await settled(project);
  const second = openTab(project);
  expect(await second.answer(1)).toBe(false);
  expect(first.told).toEqual([true]);
  expect(first.leads).toBe(true);
});

test("a follower that closes leaves the queue and is told nothing more", async () => {
  const project = unusedProject();
  const [first, second, third] = [openTab(project), openTab(project), openTab(project)];
  await Promise.all([first, second, third].map((tab) => tab.answer(1)));
  second.close();
  first.close();
  expect(await third.answer(2)).toBe(true);
  expect(second.told).toEqual([false]);
});

test("a tab that closes while the lead is on its way to it does not keep it", async () => {
  const project = unusedProject();
  const first = openTab(project);
  await first.answer(1);
  const second = openTab(project);
  await second.answer(1);
  second.take();
  second.close();
  const third = openTab(project);
  await third.answer(1);
  first.close();
  if (!third.leads) expect(await third.answer(2)).toBe(true);
  expect((await settled(project)).held).toHaveLength(1);
});

test("a tab closed before it knew its part holds nothing", async () => {
  const project = unusedProject();
  openTab(project).close();
  const second = openTab(project);
  if (!(await second.answer(1))) expect(await second.answer(2)).toBe(true);
  expect((await settled(project)).held).toHaveLength(1);
});

test("what one tab posts the others receive, and it does not itself", async () => {
  const heard: [string, TabMessage][] = [];
  let deliver = () => {};
  const delivered = new Promise<void>((resolve) => (deliver = resolve));
  const open = (name: string) =>
    openTabChannel((message) => {
      heard.push([name, message]);
      if (message.type === "projects") deliver();
    });
  const [one, two, closed] = [open("one"), open("two"), open("closed")];
  closed.close();
  one.post({ type: "events", projectId: projectId("p") });
  one.post({ type: "projects" });
  await delivered;
  expect(heard).toEqual([
    ["two", { type: "events", projectId: "p" }],
    ["two", { type: "projects" }],
  ]);
  one.close();
  two.close();
});
