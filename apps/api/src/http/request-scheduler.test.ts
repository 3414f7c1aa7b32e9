import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { type Priority, RequestScheduler, type TurnLimits } from "./request-scheduler.ts";

const limits: TurnLimits = {
  moneyMs: 100,
  others: { besideMoney: { ms: 3, requests: 1_000 }, alone: { ms: 6, requests: 1_000 } },
};

/** A scheduler whose clock advances by one millisecond with each request that it handles. */
function startScheduler(changed: Partial<TurnLimits> = {}) {
  let nowMs = 0;
  const handled: string[] = [];
  const scheduler = new RequestScheduler(() => nowMs, { ...limits, ...changed });
  return {
    scheduler,
    handled,
    schedule: (name: string, priority: Priority, group = name.charAt(0)) =>
      scheduler.schedule({
        classify: () => ({ priority, group }),
        handle: () => {
          nowMs += 1;
          handled.push(name);
        },
      }),
  };
}

test("RequestScheduler handles requests immediately while the turn has time, and the rest in the next turns", async () => {
  const { schedule, handled } = startScheduler();
  for (let at = 0; at < 14; at += 1) schedule(`a${at}`, "other");
  expect(handled).toHaveLength(6);
  await setImmediate();
  expect(handled).toHaveLength(12);
  await setImmediate();
  expect(handled).toEqual(Array.from({ length: 14 }, (_, at) => `a${at}`));
});

test("RequestScheduler handles a ledger command immediately while other requests wait", () => {
  const { schedule, handled } = startScheduler();
  for (let at = 0; at < 9; at += 1) schedule(`a${at}`, "other");
  schedule("spend", "money");
  expect(handled).toHaveLength(7);
  expect(handled.at(-1)).toBe("spend");
});

test("RequestScheduler gives other requests less time after a ledger command was admitted", async () => {
  const { scheduler, schedule, handled } = startScheduler();
  scheduler.noteMoney();
  for (let at = 0; at < 9; at += 1) schedule(`a${at}`, "other");
  expect(handled).toHaveLength(3);
  await setImmediate();
  expect(handled).toHaveLength(6);
});

test("RequestScheduler serves ledger commands of different callers in turn when they exceed a turn", async () => {
  const { schedule, handled } = startScheduler({
    moneyMs: 2,
    others: { ...limits.others, alone: { ms: 0, requests: 0 } },
  });
  for (const name of ["a1", "a2", "a3", "a4", "b1", "c1"]) schedule(name, "money");
  expect(handled).toEqual(["a1", "a2"]);
  await setImmediate();
  await setImmediate();
  expect(handled).toEqual(["a1", "a2", "a3", "b1", "c1", "a4"]);
});

test("RequestScheduler lets neither known callers nor unknown ones starve, however many ledger commands wait", async () => {
  const none = { ms: 1, requests: 2 };
  const { schedule, handled } = startScheduler({ moneyMs: 4, others: { besideMoney: none, alone: none } });
  for (let at = 0; at < 20; at += 1) schedule(`m${at}`, "money");
  for (let at = 0; at < 3; at += 1) schedule(`k${at}`, "known");
  for (let at = 0; at < 3; at += 1) schedule(`o${at}`, "other");
  const before = handled.length;
  await setImmediate();
  const turn = handled.slice(before);
  expect(turn.filter((name) => name.startsWith("m"))).toHaveLength(4);
  expect(turn.filter((name) => !name.startsWith("m")).length).toBeGreaterThan(0);
  for (let turns = 0; turns < 12; turns += 1) await setImmediate();
  expect(handled.toSorted()).toHaveLength(26);
});

test("RequestScheduler serves unknown requests of different addresses in turn", async () => {
  const none = { ms: 0, requests: 0 };
  const many = { ms: 4, requests: 4 };
  const { schedule, handled } = startScheduler({ others: { besideMoney: none, alone: many } });
  for (let at = 0; at < 10; at += 1) schedule(`flood${at}`, "other", "203.0.113.1");
  schedule("visitor", "other", "198.51.100.7");
  await setImmediate();
  expect(handled.indexOf("visitor")).toBeLessThanOrEqual(5);
});
