import { describe, expect, test } from "vitest";
import { consuming, granting, newAccount, perform, recordEvent, write } from "./commands.ts";
import { entryRow } from "./rows.ts";
import { newEvent, newLog, newUserId, storedLog } from "./samples.ts";
import { type InUse, journalOf } from "./use-database.ts";

/** Times keep their milliseconds and are not shifted by a time zone. */
export function describeMoments(here: InUse): void {
  const store = () => here.database.ledger;

  describe("times that differ by one millisecond", () => {
    /** The last of a second and the first of the next, where the digits are more than a float of 32 bits has. */
    const [last, first] = [1_700_000_000_999, 1_700_000_001_000];

    test("entries one millisecond apart keep their times and order", async () => {
      const account = newAccount();
      const lines = [last, first].map((createdAtMs, n) =>
        entryRow(account, { createdAtMs, expiresAtMs: createdAtMs, sequence: n + 1 }),
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

    test("a grant that expires one millisecond earlier is spent first", async () => {
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

    test("logs keep the times that the caller reported", async () => {
      const user = newUserId();
      for (const occurredAtMs of [first, last]) {
        const log = newLog(user, { occurredAtMs, createdAtMs: occurredAtMs, idempotencyKey: `at ${occurredAtMs}` });
        expect(await here.database.logs.write([log])).toEqual([storedLog(log)]);
        expect(await here.database.logs.write([newLog(user, { idempotencyKey: log.idempotencyKey })])).toEqual([
          storedLog(log),
        ]);
      }
      const rows = await here.rows.find("call_logs", { user_id: user }, "occurred_at_ms");
      expect(rows.map((row) => [row["occurred_at_ms"], row["created_at_ms"]])).toEqual([
        [last, last],
        [first, first],
      ]);
    });

    test("audit events one millisecond apart keep their order", async () => {
      const actor = `user:${newUserId()}`;
      const events = [last, first].map((atMs) => newEvent({ actor, atMs, id: `event-${atMs}-${actor}` }));
      for (const event of events) await recordEvent(here.database.ledger, event);
      const between = (filter: { fromMs?: number; toMs?: number }) =>
        here.database.auditLog.list({ actor, ...filter }, { limit: 5 });
      expect(await between({})).toEqual(events.toReversed());
      expect(await between({ toMs: first })).toEqual([events[0]]);
      expect(await between({ fromMs: first })).toEqual([events[1]]);
    });
  });
}
