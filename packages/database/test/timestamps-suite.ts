import { describe, expect, test } from "vitest";
import { consuming, granting, newAccount, perform, write } from "./commands.ts";
import { lineRow } from "./rows.ts";
import { newEvent, newLog, newUserId } from "./samples.ts";
import { type InUse, journalOf } from "./use-database.ts";

/** A moment is a whole millisecond: none is rounded to anything coarser, and none is moved by a zone of time. */
export function describeMoments(here: InUse): void {
  const store = () => here.database.ledger;

  describe("two moments with a millisecond between them stay two, and in order", () => {
    /** The last of a second and the first of the next, where the digits are more than a float of 32 bits has. */
    const [last, first] = [1_700_000_000_999, 1_700_000_001_000];

    test("of lines", async () => {
      const account = newAccount();
      const lines = [last, first].map((createdAtMs, n) =>
        lineRow(account, { createdAtMs, expiresAtMs: createdAtMs, sequence: n + 1 }),
      );
      await write(store(), [], { entries: lines });
      const between = (filter: { fromMs?: number; toMs?: number }) =>
        here.database.history.entries(account, filter, { limit: 5 });
      expect(await between({})).toEqual(lines.toReversed());
      expect(await between({ toMs: first })).toEqual([lines[0]]);
      expect(await between({ fromMs: first })).toEqual([lines[1]]);
      expect(await between({ fromMs: last, toMs: last })).toEqual([]);
      expect((await journalOf(here.rows, account)).map((line) => [line.created_at_ms, line.expires_at_ms])).toEqual([
        [last, last],
        [first, first],
      ]);
    });

    test("of grants: the one that ends a millisecond sooner is spent first", async () => {
      const account = newAccount();
      const soon = Date.now() + 3_600_000;
      const later = { ...granting(account, 5), expiresAtMs: soon + 1 };
      const sooner = { ...granting(account, 5), expiresAtMs: soon };
      for (const grant of [later, sooner]) await perform(store(), grant);
      const spent = await perform(store(), consuming(account, 5));
      expect(spent).toMatchObject({ value: { entry: { allocations: [{ grantId: sooner.grantId, amount: 5 }] } } });
      const left = await here.database.history.grantsById(account, [later.grantId, sooner.grantId]);
      expect(new Map(left.map((grant) => [grant.expiresAtMs, Number(grant.remaining)]))).toEqual(
        new Map([
          [soon, 0],
          [soon + 1, 5],
        ]),
      );
    });

    test("of logs, as their caller reported them", async () => {
      const user = newUserId();
      for (const occurredAtMs of [first, last]) {
        const log = newLog(user, { occurredAtMs, createdAtMs: occurredAtMs, idempotencyKey: `at ${occurredAtMs}` });
        expect(await here.database.logs.create(log)).toEqual(log);
        expect(await here.database.logs.create({ ...log, id: "another" })).toEqual(log);
      }
      const rows = await here.rows.find("logs", { user_id: user }, "occurred_at_ms");
      expect(rows.map((row) => [row["occurred_at_ms"], row["created_at_ms"]])).toEqual([
        [last, last],
        [first, first],
      ]);
    });

    test("of events", async () => {
      const actor = `user:${newUserId()}`;
      const events = [last, first].map((atMs) => newEvent({ actor, atMs, id: `event-${atMs}-${actor}` }));
      for (const event of events) await here.database.auditLog.record(event);
      const between = (filter: { fromMs?: number; toMs?: number }) =>
        here.database.auditLog.list({ actor, ...filter }, { limit: 5 });
      expect(await between({})).toEqual(events.toReversed());
      expect(await between({ toMs: first })).toEqual([events[0]]);
      expect(await between({ fromMs: first })).toEqual([events[1]]);
    });
  });
}
