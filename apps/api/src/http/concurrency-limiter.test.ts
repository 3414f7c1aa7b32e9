import { setTimeout as delay, setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { type AdmissionRequest, ConcurrencyLimiter, type ConcurrencyLimits } from "./concurrency-limiter.ts";

const NEVER_MS = 2 ** 30;

/** A limiter, with requests that hold their permits until the test finishes them. */
function startRequests(limits: Partial<ConcurrencyLimits>) {
  const limiter = new ConcurrencyLimiter({
    capacity: 1,
    queueTimeoutMs: NEVER_MS,
    bodyTimeoutMs: NEVER_MS,
    ...limits,
  });
  const admitted = new Map<string, () => void>();
  return {
    admitted,
    /** Resolves to the name once the request is finished, or to the code of its refusal. */
    request: async (name: string, commands: number, options: Partial<AdmissionRequest> = {}) => {
      const permit = await limiter.acquire({ commands, actor: "user:a", hasArrived: () => true, ...options });
      if (!permit.ok) return permit.refusal.code;
      const { promise, resolve } = Promise.withResolvers<string>();
      admitted.set(name, () => {
        admitted.delete(name);
        resolve(name);
      });
      try {
        return await promise;
      } finally {
        permit.value.release();
      }
    },
  };
}

test("ConcurrencyLimiter admits commands up to its capacity, and waiting requests in their order", async () => {
  const { admitted, request } = startRequests({ capacity: 20 });
  const first = request("first", 15);
  const second = request("second", 6);
  const third = request("third", 1);
  await setImmediate();
  // There is capacity for the third, but it must not overtake the second.
  expect([...admitted.keys()]).toEqual(["first"]);

  admitted.get("first")?.();
  expect(await first).toBe("first");
  await setImmediate();
  expect([...admitted.keys()]).toEqual(["second", "third"]);
  admitted.get("third")?.();
  admitted.get("second")?.();
  expect(await Promise.all([second, third])).toEqual(["second", "third"]);
});

test("ConcurrencyLimiter refuses a request after the queue timeout, and keeps no capacity for it", async () => {
  const { admitted, request } = startRequests({ queueTimeoutMs: 5 });
  const first = request("first", 1);
  expect(await request("second", 1)).toBe("OVERLOADED");
  expect([...admitted.keys()]).toEqual(["first"]);
  admitted.get("first")?.();
  await first;
  const third = request("third", 1);
  await setImmediate();
  admitted.get("third")?.();
  expect(await third).toBe("third");
});

test("ConcurrencyLimiter does not let a timed-out request block those behind it", async () => {
  const { admitted, request } = startRequests({ capacity: 2, queueTimeoutMs: 5 });
  const first = request("first", 1);
  expect(await request("too large for now", 2)).toBe("OVERLOADED");
  const third = request("third", 1);
  await setImmediate();
  expect([...admitted.keys()]).toEqual(["first", "third"]);
  admitted.get("third")?.();
  admitted.get("first")?.();
  expect(await Promise.all([first, third])).toEqual(["first", "third"]);
});

test("ConcurrencyLimiter returns the capacity of a permit only once, however often it is released", async () => {
  const limiter = new ConcurrencyLimiter({ capacity: 1, queueTimeoutMs: 5, bodyTimeoutMs: NEVER_MS });
  const acquire = () => limiter.acquire({ commands: 1, actor: "user:a", hasArrived: () => true });
  const first = await acquire();
  if (!first.ok) throw new Error("the first request was refused");
  first.value.release();
  first.value.release();
  expect(await acquire()).toMatchObject({ ok: true });
  expect(await acquire()).toMatchObject({ ok: false, refusal: { code: "OVERLOADED" } });
});

test("ConcurrencyLimiter returns the capacity after the body timeout, and only once", async () => {
  const { admitted, request } = startRequests({ bodyTimeoutMs: 5 });
  const late = request("late", 1, { hasArrived: () => false });
  const second = request("second", 1);
  await expect.poll(() => [...admitted.keys()]).toEqual(["late", "second"]);
  admitted.get("late")?.();
  await late;
  const third = request("third", 1);
  await setImmediate();
  expect([...admitted.keys()]).toEqual(["second"]);
  admitted.get("second")?.();
  await second;
  await expect.poll(() => [...admitted.keys()]).toEqual(["third"]);
  admitted.get("third")?.();
  expect(await third).toBe("third");
});

test("ConcurrencyLimiter admits the waiting requests of different actors in turn", async () => {
  const { admitted, request } = startRequests({ capacity: 1 });
  const first = request("first", 1);
  const waiting = ["a1", "a2", "a3", "b1"].map((name) => request(name, 1, { actor: `user:${name.charAt(0)}` }));
  const order: string[] = [];
  for (let served = 0; served < 5; served += 1) {
    await setImmediate();
    const [name = "", finish] = [...admitted][0] ?? [];
    order.push(name);
    finish?.();
  }
  await Promise.all([first, ...waiting]);
  expect(order).toEqual(["first", "a1", "b1", "a2", "a3"]);
});

test("ConcurrencyLimiter admits the requests behind a large one as soon as that one has timed out", async () => {
  const { admitted, request } = startRequests({ capacity: 2, queueTimeoutMs: 40 });
  const first = request("first", 1);
  const large = request("large", 2);
  await delay(20);
  const small = request("small", 1);
  expect(await large).toBe("OVERLOADED");
  await setImmediate();
  expect([...admitted.keys()]).toEqual(["first", "small"]);
  for (const finish of admitted.values()) finish();
  expect(await Promise.all([first, small])).toEqual(["first", "small"]);
});
