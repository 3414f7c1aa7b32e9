import { Overloaded } from "@jifen/ledger";
import { expect, test } from "vitest";
import { createTurns } from "./turns.ts";

test("works of one key run one after the other, also after one that failed, and others beside them", async () => {
  const takeTurn = createTurns(10);
  const log: string[] = [];
  const work = (name: string, fails = false) =>
    takeTurn(name.slice(0, 1), async () => {
      log.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      log.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const results = await Promise.allSettled([work("a1", true), work("a2"), work("b1")]);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
  expect(log.filter((line) => line.startsWith("a"))).toEqual(["a1 begins", "a1 ends", "a2 begins", "a2 ends"]);
  expect(log.indexOf("b1 begins")).toBeLessThan(log.indexOf("a2 begins"));
});

test("a work is refused when too many are waiting, and accepted once they are done", async () => {
  const takeTurn = createTurns(1);
  const first = takeTurn("a", async () => 1);
  const second = takeTurn("a", async () => 2);
  await expect(takeTurn("a", async () => 3)).rejects.toBeInstanceOf(Overloaded);
  expect(await Promise.all([first, second, takeTurn("b", async () => 4)])).toEqual([1, 2, 4]);
  expect(await takeTurn("a", async () => 5)).toBe(5);
});
