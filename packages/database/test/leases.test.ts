import { randomUUID } from "node:crypto";
import { databaseKinds, describeOn } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import { openDatabase } from "../src/index.ts";
import { times } from "./samples.ts";
import { useDatabase } from "./use-database.ts";

describe.each(databaseKinds)("job leases on %s", (kind) => {
  describeOn(kind)("and their holders", () => {
    const here = useDatabase(kind);
    const newName = () => `job-${randomUUID()}`;
    const acquire = (name: string, holder: string, nowMs = 1_000) =>
      here.database.leases.acquire({ name, holder, nowMs, untilMs: nowMs + 1_000 });

    test("a lease that is free is acquired by the first holder and refused to the second", async () => {
      const name = newName();
      expect(await acquire(name, "one")).toBe(true);
      expect(await acquire(name, "two")).toBe(false);
      expect(await acquire(newName(), "two")).toBe(true);
    });

    test("a lease is renewed by its holder, and then lasts longer", async () => {
      const name = newName();
      await acquire(name, "one", 1_000);
      expect(await acquire(name, "one", 1_500)).toBe(true);
      expect(await acquire(name, "two", 2_499)).toBe(false);
    });

    test("an expired lease is acquired by another holder, and refused to the one before", async () => {
      const name = newName();
      await acquire(name, "one", 1_000);
      expect(await acquire(name, "two", 2_000)).toBe(true);
      expect(await acquire(name, "one", 2_001)).toBe(false);
    });

    test("a released lease is free, and only its holder can release it", async () => {
      const name = newName();
      await acquire(name, "one");
      await here.database.leases.release({ name, holder: "two" });
      expect(await acquire(name, "two")).toBe(false);
      await here.database.leases.release({ name, holder: "one" });
      await here.database.leases.release({ name, holder: "one" });
      expect(await acquire(name, "two")).toBe(true);
    });

    test("of many holders that race for a free lease, and then for an expired one, exactly one acquires it", async () => {
      // Two connections of one process to one SQLite file would wait for each other for ever: both are on one thread.
      const other = kind === "sqlite" ? here.database : await openDatabase(here.secondUrl, { migrate: false });
      try {
        const name = newName();
        const race = async (nowMs: number) => {
          const acquired = await Promise.all(
            times(16, (n) =>
              (n % 2 === 0 ? here.database : other).leases.acquire({
                name,
                holder: `${nowMs} ${n}`,
                nowMs,
                untilMs: nowMs + 1_000,
              }),
            ),
          );
          return acquired.filter(Boolean).length;
        };
        expect(await race(1_000)).toBe(1);
        expect(await race(2_000)).toBe(1);
      } finally {
        if (other !== here.database) await other.close();
      }
    });
  });
});
