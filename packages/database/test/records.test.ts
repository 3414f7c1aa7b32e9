import { ok, refuse } from "@jifen/core";
import { type DatabaseKind, databaseKinds, describeOn, freshDatabase } from "@jifen/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openDatabase } from "../src/index.ts";
import { DuplicateKey, type Records } from "../src/records/records.ts";
import { openRecords } from "./open-records.ts";

/** One row of audit_runs for each number: finished in steps of two, so that pairs have the same time. */
const run = (n: number) => ({
  id: `run-${n}`,
  startedAtMs: n,
  finishedAtMs: Math.floor(n / 2),
  accounts: n,
  transactions: 1_000_000_000_000_000,
  differences: 0,
});

/** A user with the id `row`. */
const user = (name: string) => ({ id: "row", email: "row@example.com", name, passwordHash: null, createdAtMs: 1 });

describe.each(databaseKinds)("records on %s", (kind: DatabaseKind) => {
  describeOn(kind)("of any table", () => {
    let records: Records;
    let close: () => Promise<void>;
    beforeAll(async () => {
      const fresh = await freshDatabase(kind);
      await (await openDatabase(fresh.url)).close();
      const opened = await openRecords(fresh.url);
      records = opened.records;
      close = async () => {
        await opened.close();
        await fresh.drop();
      };
    });
    afterAll(() => close?.());
    beforeEach(async () => {
      await records.delete("audit_runs", {});
      await records.delete("one_time_links", {});
      await records.delete("job_leases", {});
      await records.delete("users", {});
      await records.delete("logs", {});
      await records.insert("audit_runs", ...[4, 1, 3, 5, 2].map(run));
    });
    const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);
    const by = ["finishedAtMs", "id"] as const;

    test("list returns pages in ascending order that neither overlap nor leave a row out", async () => {
      const first = await records.list("audit_runs", { by, limit: 2 });
      expect(ids(first)).toEqual(["run-1", "run-2"]);
      const second = await records.list("audit_runs", { by, limit: 2, after: first[1] });
      expect(ids(second)).toEqual(["run-3", "run-4"]);
      expect(ids(await records.list("audit_runs", { by, limit: 2, after: second[1] }))).toEqual(["run-5"]);
    });

    test("list returns pages in descending order that neither overlap nor leave a row out", async () => {
      const first = await records.list("audit_runs", { by, direction: "desc", limit: 2 });
      expect(ids(first)).toEqual(["run-5", "run-4"]);
      const second = await records.list("audit_runs", { by, direction: "desc", limit: 2, after: first[1] });
      expect(ids(second)).toEqual(["run-3", "run-2"]);
      const rest = await records.list("audit_runs", { by, direction: "desc", limit: 2, after: second[1] });
      expect(ids(rest)).toEqual(["run-1"]);
    });

    test.each([
      { where: { accounts: 3 }, found: ["run-3"], says: "equal to a value" },
      { where: { accounts: { in: [1, 5, 9] } }, found: ["run-1", "run-5"], says: "in a list" },
      { where: { accounts: { gt: 1, lte: 3 } }, found: ["run-2", "run-3"], says: "in a range" },
      { where: { id: { prefix: "run-4" } }, found: ["run-4"], says: "with a prefix" },
      {
        where: { id: { prefix: "run-", gt: "run-3" } },
        found: ["run-4", "run-5"],
        says: "with a prefix, after a value",
      },
      {
        where: { or: [{ accounts: 1 }, { id: "run-2" }] },
        found: ["run-1", "run-2"],
        says: "of one filter or another",
      },
      { where: { accounts: undefined, differences: 1 }, found: [], says: "of no row" },
    ])("list finds rows $says", async ({ where, found }) => {
      expect(ids(await records.list("audit_runs", { where, by: ["id"] }))).toEqual(found);
      expect(await records.count("audit_runs", where, 100)).toBe(found.length);
    });

    test.each([
      { prefix: "a%", found: ["a%b"] },
      { prefix: "a_", found: ["a_b"] },
      { prefix: "a\\", found: ["a\\b"] },
      { prefix: "a\\%", found: [] },
      { prefix: "%", found: ["%"] },
      { prefix: ".", found: [] },
      { prefix: "a[", found: ["a[b]"] },
      { prefix: "a", found: ["a%b", "a[b]", "a\\b", "a_b", "aab"] },
      { prefix: "A", found: ["AAB"] },
      { prefix: "Á", found: [] },
      { prefix: "積", found: ["積😀"] },
      { prefix: "", found: ["%", "AAB", "a%b", "a[b]", "a\\b", "a_b", "aab", "áb", "積😀"] },
    ])("a prefix is literal text, and its case counts: $prefix", async ({ prefix, found }) => {
      await records.delete("audit_runs", {});
      const all = ["%", "AAB", "a%b", "a[b]", "a\\b", "a_b", "aab", "áb", "積😀"];
      await records.insert("audit_runs", ...all.map((id) => ({ ...run(1), id })));
      const rows = await records.list("audit_runs", { where: { id: { prefix } } });
      expect(ids(rows).toSorted()).toEqual(found.toSorted());
    });

    test("a row comes back as it was inserted, and sums are exact", async () => {
      expect(await records.get("audit_runs", { id: "run-4" })).toEqual(run(4));
      expect(await records.get("audit_runs", { id: "run-9" })).toBeUndefined();
      expect(await records.sum("audit_runs", "transactions", { where: { accounts: { gt: 1 } } })).toBe(4e15);
      expect(await records.sum("audit_runs", "transactions", { where: { accounts: 9 } })).toBe(0);
    });

    test("count stops at its limit", async () => {
      expect(await records.count("audit_runs", {}, 3)).toBe(3);
    });

    test("insert refuses a key that exists", async () => {
      await expect(records.insert("audit_runs", run(1))).rejects.toThrow(DuplicateKey);
    });

    test("insertOnce returns the first row of a key, by the primary key or by a unique index", async () => {
      const log = { userId: "ann", action: "a", details: "{}", success: true, occurredAtMs: 1, createdAtMs: 2 };
      const first = { ...log, id: "log-1", idempotencyKey: "key" };
      const unique = ["userId", "idempotencyKey"] as const;
      expect(await records.insertOnce("logs", first, unique)).toEqual(first);
      expect(await records.insertOnce("logs", { ...first, id: "log-2", action: "b" }, unique)).toEqual(first);
      expect(await records.insertOnce("logs", { ...log, id: "log-1", action: "c" })).toEqual(first);
      const withoutKey = { ...log, id: "log-3" };
      expect(await records.insertOnce("logs", withoutKey, unique)).toEqual({ ...withoutKey, idempotencyKey: null });
      expect(await records.count("logs", { userId: "ann" }, 9)).toBe(2);
    });

    test("rows of one owner are listed by the second field of their key", async () => {
      const log = { action: "a", details: "{}", success: true, occurredAtMs: 1, createdAtMs: 2 };
      for (const id of ["log-2", "log-1", "log-3"]) await records.insert("logs", { ...log, userId: "bob", id });
      await records.insert("logs", { ...log, userId: "bobby", id: "log-0" });
      const page = (after?: { id: string }) =>
        records.list("logs", { where: { userId: "bob" }, by: ["id"], direction: "desc", after, limit: 2 });
      expect(ids(await page())).toEqual(["log-3", "log-2"]);
      expect(ids(await page({ id: "log-2" }))).toEqual(["log-1"]);
      const some = await records.list("logs", { where: { userId: "bob", id: { in: ["log-0", "log-3"] } } });
      expect(ids(some)).toEqual(["log-3"]);
    });

    test("put inserts a row and then replaces it, also by null", async () => {
      const link = { userId: "ann", purpose: "password", secretHash: "1", expiresAtMs: 1, createdAtMs: 1 };
      await records.put("one_time_links", { ...link, payload: "{}" });
      await records.put("one_time_links", { ...link, secretHash: "2" });
      const stored = await records.get("one_time_links", { userId: "ann", purpose: "password" });
      expect(stored).toEqual({ ...link, secretHash: "2", payload: null, issuer: null });
    });

    test("compareAndSet changes a row only if it holds what is expected", async () => {
      const key = { id: "run-1" };
      const change = { expected: { differences: 0 }, set: { differences: 7 } };
      expect(await records.compareAndSet("audit_runs", key, change)).toBe(true);
      expect(await records.compareAndSet("audit_runs", key, change)).toBe(false);
      expect(await records.compareAndSet("audit_runs", { id: "run-9" }, change)).toBe(false);
      expect(await records.get("audit_runs", key)).toEqual({ ...run(1), differences: 7 });
    });

    test("update sets fields and adds to numbers of all rows that match", async () => {
      const change = { set: { startedAtMs: 0 }, add: { differences: 2 } };
      expect(await records.update("audit_runs", { accounts: { lte: 2 } }, change)).toBe(2);
      expect(await records.get("audit_runs", { id: "run-2" })).toEqual({ ...run(2), startedAtMs: 0, differences: 2 });
      expect(await records.get("audit_runs", { id: "run-3" })).toEqual(run(3));
    });

    test("deleteInSteps deletes all rows that match, and no other, in as many statements as it takes", async () => {
      await records.deleteInSteps("audit_runs", { accounts: { lt: 5 } }, 2);
      expect(ids(await records.list("audit_runs", { by: ["id"] }))).toEqual(["run-5"]);
      const link = { purpose: "password", secretHash: "1", expiresAtMs: 1, createdAtMs: 1 };
      for (const userId of ["a", "b", "c"]) await records.insert("one_time_links", { ...link, userId });
      await records.deleteInSteps("one_time_links", { expiresAtMs: { lt: 2 } }, 1);
      expect(await records.count("one_time_links", {}, 9)).toBe(0);
    });

    describe("a transaction", () => {
      test("keeps everything when its outcome is ok, and returns the value", async () => {
        const outcome = await records.transaction(async (tx) => {
          await tx.insert("audit_runs", run(6));
          await tx.update("audit_runs", { id: "run-1" }, { set: { differences: 1 } });
          return ok((await tx.get("audit_runs", { id: "run-6" }))?.accounts);
        });
        expect(outcome).toEqual(ok(6));
        expect(await records.count("audit_runs", {}, 9)).toBe(6);
      });

      test("keeps nothing when it is refused, and returns the refusal", async () => {
        const outcome = await records.transaction(async (tx) => {
          await tx.delete("audit_runs", {});
          await tx.insert("audit_runs", run(6));
          return refuse({ code: "NO" });
        });
        expect(outcome).toEqual(refuse({ code: "NO" }));
        expect(await records.count("audit_runs", {}, 9)).toBe(5);
      });

      test("keeps nothing when it throws", async () => {
        const failing = records.transaction(async (tx) => {
          await tx.insert("audit_runs", run(6));
          await tx.insert("audit_runs", run(1));
          return ok(undefined);
        });
        await expect(failing).rejects.toThrow(DuplicateKey);
        expect(await records.get("audit_runs", { id: "run-6" })).toBeUndefined();
      });

      test("that locks a row runs after another that locked it, and sees what that one wrote", async () => {
        await records.insert("users", user("none"));
        const addOne = () =>
          records.transaction(async (tx) => {
            expect(await tx.lock("users", { id: "row" })).toBe(true);
            const row = await tx.get("users", { id: "row" });
            await tx.update("users", { id: "row" }, { set: { sessionsEndedAtMs: (row?.sessionsEndedAtMs ?? 0) + 1 } });
            return ok(undefined);
          });
        await Promise.all(Array.from({ length: 8 }, addOne));
        expect(await records.get("users", { id: "row" })).toMatchObject({ sessionsEndedAtMs: 8 });
      });

      test("locks no row that does not exist or does not match", async () => {
        await records.insert("users", user("one"));
        const outcome = await records.transaction(async (tx) =>
          ok([
            await tx.lock("users", { id: "other" }),
            await tx.lock("users", { id: "row" }, { name: "two" }),
            await tx.lock("users", { id: "row" }, { name: "one" }),
          ]),
        );
        expect(outcome).toEqual(ok([false, false, true]));
      });
    });
  });
});
