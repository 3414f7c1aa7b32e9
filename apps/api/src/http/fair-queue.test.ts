import fc from "fast-check";
import { expect, test } from "vitest";
import { FairQueue } from "./fair-queue.ts";

const takeAll = (queue: FairQueue<string>) => Array.from({ length: queue.size }, () => queue.take());

test("FairQueue serves its groups in turn, and the items of one group in their order", () => {
  const queue = new FairQueue<string>();
  for (const item of ["a1", "a2", "a3", "b1", "c1", "c2"]) queue.add(item.charAt(0), item);
  expect(queue.peek()).toBe("a1");
  expect(takeAll(queue)).toEqual(["a1", "b1", "c1", "a2", "c2", "a3"]);
  expect([queue.size, queue.peek(), queue.take()]).toEqual([0, undefined, undefined]);
});

test("FairQueue serves a new group before the second item of a group that was just served", () => {
  const queue = new FairQueue<string>();
  for (const item of ["a1", "a2", "a3"]) queue.add("a", item);
  expect(queue.take()).toBe("a1");
  queue.add("b", "b1");
  expect(takeAll(queue)).toEqual(["a2", "b1", "a3"]);
});

test("FairQueue forgets an item that is deleted, and deletes it only once", () => {
  const queue = new FairQueue<string>();
  for (const item of ["a1", "a2"]) queue.add("a", item);
  queue.delete("a", "a1");
  queue.delete("a", "a1");
  queue.delete("b", "a2");
  expect([queue.size, queue.sizeOf("a"), queue.sizeOf("b")]).toEqual([1, 1, 0]);
  expect(takeAll(queue)).toEqual(["a2"]);
});

test("FairQueue makes no item wait longer than one round of the groups for each item before it in its own group", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 60 }), (groups) => {
      const queue = new FairQueue<{ group: number; before: number }>();
      for (const [at, group] of groups.entries()) {
        queue.add(String(group), { group, before: groups.slice(0, at).filter((other) => other === group).length });
      }
      const served = Array.from({ length: groups.length }, () => queue.take());
      const different = new Set(groups).size;
      for (const [at, item] of served.entries()) expect(at).toBeLessThan(((item?.before ?? 0) + 1) * different);
    }),
  );
});
