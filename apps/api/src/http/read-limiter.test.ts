import { expect, test } from "vitest";
import { ReadLimiter, type ReadLimits } from "./read-limiter.ts";

const NEVER_MS = 2 ** 30;

/** A limiter whose reads run until the test ends them. */
function startReads(limits: Partial<ReadLimits>) {
  const limiter = new ReadLimiter({ total: 4, perUser: 2, waitingPerUser: 10, queueTimeoutMs: NEVER_MS, ...limits });
  const running = new Map<string, () => void>();
  return {
    running,
    names: () => [...running.keys()],
    read: async (name: string): Promise<string> => {
      const started = await limiter.start(`user-${name.charAt(0)}`);
      if (!started.ok) return started.refusal.code;
      const { promise, resolve } = Promise.withResolvers<string>();
      running.set(name, () => {
        running.delete(name);
        started.value();
        resolve(name);
      });
      return promise;
    },
  };
}

test("ReadLimiter runs at most two reads of a user, and the reads of others beside them", async () => {
  const { read, running, names } = startReads({});
  const all = ["a1", "a2", "a3", "b1", "c1"].map(read);
  await expect.poll(names).toEqual(["a1", "a2", "b1", "c1"]);
  running.get("b1")?.();
  // Only a's third read waits, and a may not run three.
  expect(names()).toEqual(["a1", "a2", "c1"]);
  running.get("a1")?.();
  await expect.poll(names).toEqual(["a2", "c1", "a3"]);
  for (const end of running.values()) end();
  expect(await Promise.all(all)).toEqual(["a1", "a2", "a3", "b1", "c1"]);
});

test("ReadLimiter serves waiting users in turn, however many reads each of them has", async () => {
  const { read, running, names } = startReads({ total: 1 });
  const all = ["a1", "a2", "a3", "b1"].map(read);
  const order: string[] = [];
  while (order.length < 4) {
    await expect.poll(names).toHaveLength(1);
    const [name = ""] = names();
    order.push(name);
    running.get(name)?.();
  }
  await Promise.all(all);
  expect(order).toEqual(["a1", "a2", "b1", "a3"]);
});

test("ReadLimiter refuses a user's reads beyond its bound, and no read of another user", async () => {
  const { read, running } = startReads({ perUser: 1, waitingPerUser: 1 });
  const [first, second] = [read("a1"), read("a2")];
  expect(await read("a3")).toBe("RATE_LIMITED");
  const other = read("b1");
  await expect.poll(() => running.size).toBe(2);
  for (const name of ["a1", "b1"]) running.get(name)?.();
  await expect.poll(() => [...running.keys()]).toEqual(["a2"]);
  running.get("a2")?.();
  expect(await Promise.all([first, second, other])).toEqual(["a1", "a2", "b1"]);
});

test("ReadLimiter refuses a read after the queue timeout, and does not start it later", async () => {
  const { read, running, names } = startReads({ perUser: 1, queueTimeoutMs: 5 });
  const first = read("a1");
  expect(await read("a2")).toBe("OVERLOADED");
  running.get("a1")?.();
  await first;
  expect(names()).toEqual([]);
});
