import { describeOn } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { test } from "vitest";
import { journalOf } from "./journal.ts";
import { lockTables } from "./lock-tables.ts";
import { type ApiWithAdmin, admin, grantsOf, newKey, startApiWithAdmin } from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";

/** Longer than a request waits for a connection or for a lock. */
const BUSY_MS = 5_000;

/** The transactions of grants, and those that audit events name. */
async function readBoth(api: ApiWithAdmin, email: string) {
  const entries = (await journalOf(api.server, email)).filter(
    ({ kind, key }) => kind === "grant" && !String(key).endsWith("initial"),
  );
  const events: string[] = [];
  for (let cursor = ""; ; ) {
    const path = `/admin/audit?subject=${encodeURIComponent(`user:${email}`)}&action=credits.grant&limit=100${cursor}`;
    const { body } = await api.get(path, "admin");
    events.push(...body.items.map(({ details }: { details: { transactionId: string } }) => details.transactionId));
    if (body.nextCursor === null) return { entries: entries.map(({ id }) => id).toSorted(), events: events.toSorted() };
    cursor = `&cursor=${body.nextCursor}`;
  }
}

// These tests mostly wait for the lock, so they run concurrently.
for (const kind of ["postgresql", "mysql"] as const) {
  describeOn(kind)(
    `grants by hand while other requests keep every connection for records, on ${kind}`,
    { concurrent: true },
    () => {
      test.for([
        { to: admin.email, says: "to oneself" },
        { to: user.email, says: "to a user" },
      ])(
        "take effect with their events or not at all, and none has an unknown outcome: $says",
        { timeout: timeLimit(60) },
        async ({ to }, { expect }) => {
          const api = await startApiWithAdmin(kind, { SELF_GRANT: "on" });
          await api.get("/credits/balance", "admin");
          const isLocked = lockTables[kind](api.server.database.url, ["service_keys"], BUSY_MS);
          await new Promise((resolve) => setTimeout(resolve, 300));
          const reads = Array.from({ length: 60 }, () => api.get("/keys", "admin"));
          await new Promise((resolve) => setTimeout(resolve, 300));
          const grant = (key: string) => api.post(grantsOf(to), { amount: 1, reason: "load" }, { as: "admin", key });
          const keys = Array.from({ length: 200 }, newKey);
          const answers = await Promise.all(keys.map(grant));
          const codes = answers.flatMap(({ status, body }) => (status === 200 ? [] : [body.code]));
          expect(codes.filter((code) => code !== "DATABASE_UNAVAILABLE")).toEqual([]);
          await Promise.all([isLocked, ...reads]);
          const { entries, events } = await readBoth(api, to);
          expect(events).toEqual(entries);
          expect(entries).toHaveLength(200 - codes.length);
          for (const key of keys) expect(await grant(key)).toMatchObject({ status: 200 });
          expect((await readBoth(api, to)).events).toHaveLength(200);
          await api.server.stop();
        },
      );
    },
  );
}
