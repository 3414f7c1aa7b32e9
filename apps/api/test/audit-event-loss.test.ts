import { type DatabaseKind, databaseKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Change, changeDatabase } from "./change-database.ts";
import { type ApiWithAdmin, grantsOf, newKey, revocationsOf, startApiWithAdmin } from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";

/** Makes a database refuse every insert of an audit event. */
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

/** MongoDB has no triggers: there a validator refuses every document. */
const changeOf = (kind: DatabaseKind, sql: Readonly<Record<string, string>>, isAccepted: boolean): Change => ({
  sql: sql[kind] ?? "",
  mongodb: (db) =>
    db.command({ collMod: "audit_events", validationLevel: isAccepted ? "off" : "strict", validator: impossible }),
});
const impossible = { _id: { $exists: false } };

for (const kind of databaseKinds) {
  const [refuse, accept] = [changeOf(kind, refuseEvents, false), changeOf(kind, acceptEvents, true)];
  describeOn(kind)(`audit events that cannot be written on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind);
      await api.fund({ amount: 100 });
    });
    afterAll(() => api.server.stop());
    const events = async (action: string) => {
      const { body } = await api.get(`/admin/audit?action=${action}&limit=100`, "admin");
      return body.items.map(({ details }: { details: { transactionId: string } }) => details.transactionId);
    };

    test.each([
      { action: "credits.grant", path: grantsOf(user.email), moves: 30 },
      { action: "credits.revoke", path: revocationsOf(user.email), moves: -30 },
    ])(
      "$action is not acknowledged without its audit event, and a retry writes the event once and moves nothing again",
      async (change) => {
        const [key, body] = [newKey(), { amount: 30, reason: "a test" }];
        const post = () => api.post(change.path, body, { as: "admin", key });
        const { balance } = await api.balance();
        const before = await events(change.action);
        await changeDatabase(api.server.database, refuse);
        expect((await post()).status).toBeGreaterThanOrEqual(500);
        expect((await post()).status).toBeGreaterThanOrEqual(500);
        expect(await events(change.action)).toEqual(before);
        await changeDatabase(api.server.database, accept);
        expect((await api.balance()).balance).toBe(balance + change.moves);
        const answers = await Promise.all(Array.from({ length: 5 }, post));
        for (const answer of answers) expect(answer).toMatchObject({ status: 200, body: answers[0]?.body });
        expect((await api.balance()).balance).toBe(balance + change.moves);
        expect(await events(change.action)).toEqual([answers[0]?.body.transactionId, ...before]);
      },
    );

    test("a user is not changed without an audit event", async () => {
      await changeDatabase(api.server.database, refuse);
      const path = `/admin/users/${user.email}/suspend`;
      expect((await api.post(path, { reason: "a test" }, { as: "admin" })).status).toBeGreaterThanOrEqual(500);
      await changeDatabase(api.server.database, accept);
      expect((await api.get("/credits/balance")).status).toBe(200);
      expect((await api.get(`/admin/users/${user.email}`, "admin")).body.suspendedAt).toBeNull();
    });
  });
}
