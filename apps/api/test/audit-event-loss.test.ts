import {
  type Api,
  callRest,
  type DatabaseKind,
  databaseKinds,
  describeOn,
  type FaultProxy,
  ledgerCommits,
  openFaultProxy,
  startApi,
} from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Change, changeDatabase } from "./change-database.ts";
import { journalOf } from "./journal.ts";
import {
  type ApiWithAdmin,
  admin,
  grantsOf,
  newKey,
  revocationsOf,
  startApiWithAdmin,
} from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";

const SECRET = "one-secret-for-every-replica-0123456789";
const env = { JWT_SECRET: SECRET, ADMIN_EMAILS: admin.email };

/** The database refuses to insert audit events. */
const refuseEvents = {
  sqlite:
    "CREATE TRIGGER no_events BEFORE INSERT ON audit_events BEGIN SELECT RAISE(ABORT, 'audit events are refused'); END",
  postgresql: `CREATE FUNCTION no_events() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'audit events are refused'; END $$;
    CREATE TRIGGER no_events BEFORE INSERT ON audit_events FOR EACH ROW EXECUTE FUNCTION no_events()`,
  mysql: `CREATE TRIGGER no_events BEFORE INSERT ON audit_events FOR EACH ROW
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'audit events are refused'`,
} as const;
const acceptEvents = {
  sqlite: "DROP TRIGGER no_events",
  postgresql: "DROP TRIGGER no_events ON audit_events; DROP FUNCTION no_events",
  mysql: "DROP TRIGGER no_events",
} as const;

/** MongoDB has no triggers: there, a validator that no document passes refuses the events. */
const changeOf = (kind: DatabaseKind, sql: Readonly<Record<string, string>>, isAccepted: boolean): Change => ({
  sql: sql[kind] ?? "",
  mongodb: (db) =>
    db.command({ collMod: "audit_events", validationLevel: isAccepted ? "off" : "strict", validator: noDocument }),
});
const noDocument = { _id: { $exists: false } };

/** The ids of the transactions of `user` by hand, and the ids that audit events name. */
async function readBoth({ server, get }: Pick<ApiWithAdmin, "server" | "get">) {
  const entries = await journalOf(server, user.email);
  const byHand = entries.filter(
    ({ kind, key }) => ["grant", "revoke", "refund"].includes(kind) && !String(key).endsWith("initial"),
  );
  const events: string[] = [];
  let cursor = "";
  do {
    const { body } = await get(
      `/admin/audit?subject=${encodeURIComponent(`user:${user.email}`)}&limit=100${cursor}`,
      "admin",
    );
    for (const { action, details } of body.items) if (action.startsWith("credits.")) events.push(details.transactionId);
    cursor = body.nextCursor === null ? "" : `&cursor=${body.nextCursor}`;
  } while (cursor !== "");
  return { transactions: byHand.map(({ id }) => id), events };
}

/** Every transaction by hand has one event, and every event its transaction. @returns how many there are */
async function expectBothOrNeither(api: ApiWithAdmin): Promise<number> {
  const { transactions, events } = await readBoth(api);
  expect(events.toSorted()).toEqual(transactions.toSorted());
  return transactions.length;
}

for (const kind of databaseKinds) {
  const [refuse, accept] = [changeOf(kind, refuseEvents, false), changeOf(kind, acceptEvents, true)];
  describeOn(kind)(`the audit event of a grant or revocation by hand, on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind, env);
      await api.fund({ amount: 100 });
    });
    afterAll(() => api.server.stop());

    test.each([
      { action: "credits.grant", path: grantsOf(user.email), moves: 30 },
      { action: "credits.revoke", path: revocationsOf(user.email), moves: -30 },
    ])(
      "$action has no effect when its event cannot be written, and a retry does it once with its event",
      async (change) => {
        const [key, body] = [newKey(), { amount: 30, reason: "a test" }];
        const post = () => api.post(change.path, body, { as: "admin", key });
        const { balance } = await api.balance();
        const count = await expectBothOrNeither(api);
        await changeDatabase(api.server.database, refuse);
        expect((await post()).status).toBeGreaterThanOrEqual(500);
        expect((await post()).status).toBeGreaterThanOrEqual(500);
        await changeDatabase(api.server.database, accept);
        expect((await api.balance()).balance).toBe(balance);
        expect(await expectBothOrNeither(api)).toBe(count);
        const responses = await Promise.all(Array.from({ length: 5 }, post));
        for (const response of responses) expect(response).toMatchObject({ status: 200, body: responses[0]?.body });
        expect((await api.balance()).balance).toBe(balance + change.moves);
        expect(await expectBothOrNeither(api)).toBe(count + 1);
        const { body: listed } = await api.get(`/admin/audit?action=${change.action}&limit=1`, "admin");
        expect(listed.items).toMatchObject([
          {
            actor: `user:${admin.email}`,
            reason: "a test",
            details: { transactionId: responses[0]?.body.transactionId, amount: 30 },
          },
        ]);
      },
    );

    test("40 concurrent grants by hand leave 40 events", async () => {
      const count = await expectBothOrNeither(api);
      const posts = Array.from({ length: 40 }, () =>
        api.post(grantsOf(user.email), { amount: 1, reason: "load" }, { as: "admin", key: newKey() }),
      );
      const spending = Array.from({ length: 40 }, () => api.post("/credits/consume", { amount: 1, action: "video" }));
      for (const { status } of await Promise.all([...posts, ...spending])) expect(status).toBe(200);
      expect(await expectBothOrNeither(api)).toBe(count + 40);
    });

    test("a server that is killed under load leaves each grant with its event or neither", {
      timeout: timeLimit(90),
    }, async () => {
      let count = await expectBothOrNeither(api);
      for (const delayMs of [15, 40, 90]) {
        const second = await startApi({ databaseUrl: api.server.database.url, env });
        const keys = Array.from({ length: 30 }, newKey);
        const post = (url: string, key: string) =>
          callRest(url, "POST", grantsOf(user.email), {
            token: api.tokens.admin,
            body: { amount: 1, reason: "killed" },
            headers: { "idempotency-key": key },
          });
        const posts = Promise.allSettled(keys.map((key) => post(second.url, key)));
        await new Promise((resolve) => setTimeout(resolve, delayMs));
        await second.stop("SIGKILL");
        await posts;
        await expectBothOrNeither(api);
        // MongoDB ends the transactions of a client that is gone only after a while; a retry waits for them.
        const retried = await Promise.all(keys.map((key) => post(api.server.api.url, key)));
        expect(retried.map(({ status }) => status)).toEqual(keys.map(() => 200));
        count += keys.length;
        expect(await expectBothOrNeither(api)).toBe(count);
      }
    });

    test("a user is not suspended when the event cannot be written", async () => {
      await changeDatabase(api.server.database, refuse);
      const path = `/admin/users/${user.email}/suspend`;
      expect((await api.post(path, { reason: "a test" }, { as: "admin" })).status).toBeGreaterThanOrEqual(500);
      await changeDatabase(api.server.database, accept);
      expect((await api.get("/credits/balance")).status).toBe(200);
      expect((await api.get(`/admin/users/${user.email}`, "admin")).body.suspendedAt).toBeNull();
    });
  });
}

for (const kind of ["postgresql", "mysql", "mongodb"] as const) {
  describeOn(kind)(`a grant by hand while the connection to ${kind} is lost`, () => {
    let api: ApiWithAdmin;
    let proxy: FaultProxy;
    let second: Api;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind, env);
      proxy = await openFaultProxy(api.server.database.url);
      second = await startApi({ databaseUrl: proxy.url, env });
    });
    afterAll(async () => {
      await second.stop();
      await proxy[Symbol.asyncDispose]();
      await api.server.stop();
    });

    test.each(["before it is sent", "after it is answered"] as const)(
      "leaves the grant with its event or neither when the commit is lost %s, and a retry settles it",
      async (moment) => {
        for (const afterwards of ["there", "gone"] as const) {
          const lost = newKey();
          const send = () =>
            callRest(second.url, "POST", grantsOf(user.email), {
              token: api.tokens.admin,
              body: { amount: 5, reason: "lost" },
              headers: { "idempotency-key": lost },
            });
          const count = await expectBothOrNeither(api);
          const lostBefore = proxy.lostConnections();
          proxy.loseConnectionAt(ledgerCommits[kind], moment, afterwards);
          await send();
          expect(proxy.lostConnections()).toBeGreaterThan(lostBefore);
          expect(await expectBothOrNeither(api)).toBeGreaterThanOrEqual(count);
          await proxy.restore();
          await expect.poll(async () => (await send()).status, { timeout: timeLimit(15) }).toBe(200);
          expect(await expectBothOrNeither(api)).toBe(count + 1);
        }
      },
    );
  });
}
