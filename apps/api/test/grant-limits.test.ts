import { aboveDatabaseKinds, callRest, databaseKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { journalOf } from "./journal.ts";
import { type ApiWithAdmin, grantsOf, newKey, startApiWithAdmin } from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";
import { useTwoServers } from "./two-live-servers.ts";

const LIMIT = 100;

for (const kind of databaseKinds) {
  describeOn(kind)(`a key that grants at most ${LIMIT} credits a day, at two servers on ${kind}`, () => {
    const servers = useTwoServers(kind);

    test("concurrent grants never exceed the limit, and a replay counts once", async () => {
      const body = { name: "webhook", scopes: ["credits:grant"], grantLimitPerDay: LIMIT };
      const { key: token } = await servers.post("/keys", body, "admin");
      const { url } = servers.api.server.api;
      const grants = Array.from({ length: 60 }, (_, at) => ({
        email: at % 2 === 0 ? user.email : other.email,
        amount: 1 + (at % 5),
        key: `payment-${at}`,
        at: at % 3 === 0 ? servers.elsewhere.url : url,
      }));
      const send = ({ email, amount, key, at }: (typeof grants)[number]) =>
        callRest(at, "POST", grantsOf(email), {
          token,
          headers: { "idempotency-key": key },
          body: { amount, source: "purchase", reason: "payment" },
        });
      const answers = await Promise.all(
        grants.flatMap((grant, at) => {
          const repeated =
            at % 4 === 0 ? [send({ ...grant, at: url }), send({ ...grant, at: servers.elsewhere.url })] : [];
          return [send(grant), ...repeated].map(async (answer) => ({ grant, ...(await answer) }));
        }),
      );

      const journal = (
        await Promise.all([user, other].map(({ email }) => journalOf(servers.api.server, email)))
      ).flat();
      const granted = new Map(
        journal.flatMap(({ key, ...entry }) => (key?.startsWith("operator-of:") ? [[key.split(":")[2], entry]] : [])),
      );
      const sum = [...granted.values()].reduce((total, entry) => total + (entry?.amount ?? 0), 0);
      // Amounts are at most 5, so a refusal leaves less than that.
      expect(sum).toBeLessThanOrEqual(LIMIT);
      expect(sum).toBeGreaterThan(LIMIT - 5);
      const accepted = answers.filter(({ status }) => status === 200);
      for (const { grant, body: answer } of accepted) {
        expect(granted.get(grant.key)).toMatchObject({ id: answer.transactionId, amount: grant.amount });
      }
      expect(new Set(accepted.map(({ grant }) => grant.key)).size).toBe(granted.size);
      for (const { grant, status, body: answer } of answers) {
        if (status === 200) continue;
        expect({ status, ...answer }).toMatchObject({ status: 429, code: "GRANT_LIMIT_REACHED", limit: LIMIT });
        expect(answer.used + grant.amount).toBeGreaterThan(LIMIT);
        expect(answer.used).toBeLessThanOrEqual(sum);
        expect(answer.resetsAt).toBe(new Date(Math.ceil(Date.now() / 86_400_000) * 86_400_000).toISOString());
      }

      const [first] = accepted;
      if (first === undefined) throw new Error("no grant was accepted");
      const again = await send(first.grant);
      expect(again).toMatchObject({ status: 200, body: { transactionId: first.body.transactionId } });
      expect(again.headers.get("idempotency-replayed")).toBe("true");
      const reused = await send({ ...first.grant, amount: 99 });
      expect(reused).toMatchObject({ status: 422, body: { code: "IDEMPOTENCY_KEY_REUSED" } });
      const rest = { email: user.email, key: "rest", at: url };
      if (sum < LIMIT) expect((await send({ ...rest, amount: LIMIT - sum })).status).toBe(200);
      expect((await send({ ...rest, key: "one-more", amount: 1 })).body).toMatchObject({ used: LIMIT, limit: LIMIT });
    });
  });
}

for (const kind of aboveDatabaseKinds) {
  describeOn(kind)(`keys with the scope credits:grant on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind);
    });
    afterAll(() => api?.server.stop());
    const createKey = (body: object, as: "admin" | "user" = "admin") =>
      api.post("/keys", { name: "webhook", ...body }, { as });

    test.each([
      { scopes: ["credits:grant"], path: "grantLimitPerDay" },
      { scopes: ["credits:grant"], grantLimitPerDay: 0, path: "grantLimitPerDay" },
      { scopes: ["credits:read"], grantLimitPerDay: 5, path: "grantLimitPerDay" },
      { scopes: ["credits:grant", "admin"], grantLimitPerDay: 5, path: "scopes" },
    ])("a key with $scopes and the limit $grantLimitPerDay is refused for $path", async ({ path, ...body }) => {
      expect(await createKey(body)).toMatchObject({ status: 400, body: { issues: [{ path }] } });
    });

    test("the limit is listed, and other keys have none", async () => {
      const created = await createKey({ scopes: ["credits:grant", "act-as"], grantLimitPerDay: 7 });
      expect(created.body).toMatchObject({ grantLimitPerDay: 7 });
      const plain = await createKey({ scopes: ["credits:read"] });
      const { items } = (await api.get("/keys", "admin")).body;
      expect(items.find(({ keyId }: { keyId: string }) => keyId === created.body.keyId).grantLimitPerDay).toBe(7);
      expect(items.find(({ keyId }: { keyId: string }) => keyId === plain.body.keyId).grantLimitPerDay).toBeNull();
    });

    test("a grant of another source is refused, and the key cannot revoke", async () => {
      const { key: token } = (await createKey({ scopes: ["credits:grant"], grantLimitPerDay: 7 })).body;
      const call = (path: string, body: object) => api.server.call("POST", path, { token, body });
      for (const source of [undefined, "admin", "initial"]) {
        const answer = await call(grantsOf(user.email), { amount: 1, reason: "test", ...(source && { source }) });
        expect(answer).toMatchObject({ status: 400, body: { issues: [{ path: "source" }] } });
      }
      const bonus = { amount: 1, reason: "test", source: "bonus", idempotencyKey: newKey() };
      expect(await call(grantsOf(user.email), bonus)).toMatchObject({ status: 200, body: { balance: 101 } });
      const revocation = `/admin/users/${user.email}/revocations`;
      expect(await call(revocation, { amount: 1, reason: "test" })).toMatchObject({ status: 403 });
    });

    test("a user without a role on staff cannot have such a key", async () => {
      const answer = await createKey({ scopes: ["credits:grant"], grantLimitPerDay: 7 }, "user");
      expect(answer).toMatchObject({ status: 403 });
    });
  });
}
