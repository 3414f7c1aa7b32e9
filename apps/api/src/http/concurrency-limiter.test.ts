import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { ConcurrencyLimiter, type ConcurrencyLimits } from "./concurrency-limiter.ts";

const NEVER_MS = 2 ** 30;

/** Requests of so many commands each, which end when they are told to. */
function atDoor(rules: Partial<ConcurrencyLimits>) {
  const commandLimiter = new ConcurrencyLimiter({
    capacity: 1,
    queueTimeoutMs: NEVER_MS,
    bodyTimeoutMs: NEVER_MS,
    ...rules,
  });
  const inside = new Map<string, () => void>();
  return {
    inside,
    come: (name: string, commands: number, hasArrived = () => true) =>
      commandLimiter.through({ commands, hasArrived }, () => {
        const { promise, resolve } = Promise.withResolvers<string>();
        inside.set(name, () => {
          inside.delete(name);
          resolve(name);
        });
        return promise;
      }),
  };
}

test("as many commands are inside as there is room for, and the others come in as room is made, in their order", async () => {
  const { inside, come } = atDoor({ capacity: 20 });
  const first = come("first", 15);
  const second = come("second", 6);
  const third = come("third", 1);
  await setImmediate();
  // The third would have room, but nobody overtakes.
  expect([...inside.keys()]).toEqual(["first"]);

  inside.get("first")?.();
  expect(await first).toBe("first");
  await setImmediate();
  expect([...inside.keys()]).toEqual(["second", "third"]);
  inside.get("third")?.();
  inside.get("second")?.();
  expect(await Promise.all([second, third])).toEqual(["second", "third"]);
});

test("whoever has found no room for long enough is turned away, its work not begun, and takes up no room later", async () => {
  const { inside, come } = atDoor({ queueTimeoutMs: 5 });
  const first = come("first", 1);
  expect(await come("second", 1)).toBeUndefined();
  expect([...inside.keys()]).toEqual(["first"]);
  inside.get("first")?.();
  await first;
  const third = come("third", 1);
  inside.get("third")?.();
  expect(await third).toBe("third");
});

test("work that fails makes room as well", async () => {
  const commandLimiter = new ConcurrencyLimiter({ capacity: 1, queueTimeoutMs: NEVER_MS, bodyTimeoutMs: NEVER_MS });
  const fails = () =>
    commandLimiter.through({ commands: 1, hasArrived: () => true }, () => Promise.reject(new Error("failed")));
  await expect(fails()).rejects.toThrow("failed");
  await expect(fails()).rejects.toThrow("failed");
});

test("what does not arrive keeps nobody out, and makes room only once", async () => {
  const { inside, come } = atDoor({ bodyTimeoutMs: 5 });
  const late = come("late", 1, () => false);
  const second = come("second", 1);
  await expect.poll(() => [...inside.keys()]).toEqual(["late", "second"]);
  inside.get("late")?.();
  await late;
  const third = come("third", 1);
  await setImmediate();
  expect([...inside.keys()]).toEqual(["second"]);
  inside.get("second")?.();
  await second;
  await expect.poll(() => [...inside.keys()]).toEqual(["third"]);
  inside.get("third")?.();
  expect(await third).toBe("third");
});
