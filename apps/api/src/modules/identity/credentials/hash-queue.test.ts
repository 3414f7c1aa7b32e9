import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { type HashOrigin, HashQueue, type HashQueueLimits } from "./hash-queue.ts";

const limits: HashQueueLimits = { concurrency: 1, perAccount: 3, perShare: 12 };

/** A queue whose only place is taken, and tasks that wait in it. */
function startQueue() {
  const queue = new HashQueue(limits);
  const done: string[] = [];
  const refused: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const running = [queue.run({ address: "first", account: "first", isKnown: true }, () => promise)];
  const add = (name: string, origin: Partial<HashOrigin>) => {
    const task = queue.run({ address: name, account: name, isKnown: false, ...origin }, async () => {
      await turn();
      done.push(name);
    });
    running.push(task.catch(() => void refused.push(name)));
  };
  const finish = async () => {
    resolve();
    await Promise.all(running);
    return { done, refused };
  };
  return { add, finish };
}
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

describe("HashQueue", () => {
  test("addresses take turns, however many tasks one of them has", async () => {
    const { add, finish } = startQueue();
    for (const n of numbers(6)) add(`flood-${n}`, { address: "a" });
    for (const name of ["b", "c"]) add(name, {});
    expect((await finish()).done.slice(0, 4)).toEqual(["flood-0", "b", "c", "flood-1"]);
  });

  test("accounts behind one address take turns", async () => {
    const { add, finish } = startQueue();
    for (const n of numbers(3)) add(`guess-${n}`, { address: "site", account: "ann" });
    add("bob", { address: "site" });
    expect((await finish()).done).toEqual(["guess-0", "bob", "guess-1", "guess-2"]);
  });

  test("known origins take turns with all others together", async () => {
    const { add, finish } = startQueue();
    for (const n of numbers(12)) add(`stranger-${n}`, {});
    for (const n of numbers(3)) add(`known-${n}`, { isKnown: true });
    const { done, refused } = await finish();
    expect(refused).toEqual([]);
    expect(done.slice(0, 6).filter((name) => name.startsWith("known"))).toHaveLength(3);
  });

  test("a full queue drops tasks of the address with the most, not those of a new address", async () => {
    const { add, finish } = startQueue();
    for (const n of numbers(6)) add(`x-${n}`, { address: "x" });
    for (const n of numbers(6)) add(`y-${n}`, { address: "y" });
    for (const n of numbers(8)) add(`z-${n}`, {});
    const { done, refused } = await finish();
    expect(refused).toHaveLength(8);
    expect(refused.every((name) => /^[xy]/.test(name))).toBe(true);
    expect(done.filter((name) => name.startsWith("z"))).toHaveLength(8);
  });

  test("a flood of unknown names from one address refuses neither new addresses nor known origins", async () => {
    const { add, finish } = startQueue();
    for (const n of numbers(200)) add(`unknown-${n}`, { address: "flood" });
    for (const n of numbers(11)) add(`new-${n}`, {});
    for (const n of numbers(12)) add(`known-${n}`, { address: "flood", isKnown: true });
    const { done, refused } = await finish();
    expect(refused.every((name) => name.startsWith("unknown"))).toBe(true);
    expect(done.filter((name) => name.startsWith("unknown"))).toHaveLength(1);
  });

  test("guesses for one account from many addresses fill only the places of that account", async () => {
    const { add, finish } = startQueue();
    for (const n of numbers(50)) add(`guess-${n}`, { account: "ann" });
    for (const n of numbers(9)) add(`other-${n}`, {});
    const { done, refused } = await finish();
    expect(refused).toHaveLength(47);
    expect(done.filter((name) => name.startsWith("other"))).toHaveLength(9);
  });

  test("a task that fails gives its place to the next one", async () => {
    const queue = new HashQueue({ ...limits, concurrency: 2 });
    const fail = () =>
      queue.run({ address: "a", account: "a", isKnown: false }, () => Promise.reject(new Error("broken")));
    await Promise.allSettled([fail(), fail(), fail()]);
    expect(await queue.run({ address: "a", account: "a", isKnown: false }, async () => "done")).toBe("done");
  });
});
