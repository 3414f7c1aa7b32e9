import { type Api, callRest, describeOn, freshDatabase, startApi } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { journalOf } from "./journal.ts";
import { other, type Server, startServer, user } from "./start-server.ts";

const SECRET = "one-secret-for-every-replica-0123456789";

/** One request to consume credits. */
type ConsumeRequest = { readonly key: string; readonly amount: number };

describe.each(["postgresql", "mysql"] as const)("two servers on one %s", (database) => {
  describeOn(database)("with one secret", () => describeTwo(database));
});

function describeTwo(database: "postgresql" | "mysql"): void {
  let server: Server;
  let second: Api;
  beforeAll(async () => {
    server = await startServer(database, { JWT_SECRET: SECRET });
    second = await startApi({ databaseUrl: server.database.url, env: { JWT_SECRET: SECRET } });
  });
  afterAll(async () => {
    await second.stop();
    await server.stop();
  });

  test("200 concurrent requests to two servers, some repeated, spend the last credits exactly once", async () => {
    const token = await server.token();
    const requests: ConsumeRequest[] = Array.from({ length: 200 }, (_, at) => ({
      key: `request-${at}`,
      amount: 1 + (at % 3),
    }));
    const consume = (url: string, { key, amount }: ConsumeRequest) =>
      callRest(url, "POST", "/credits/consume", {
        token,
        body: { amount, action: "last" },
        headers: { "idempotency-key": key },
      });

    const answers = await Promise.all(
      requests.flatMap((request, at) => {
        const url = at % 2 === 0 ? server.api.url : second.url;
        const repeated = at % 5 === 0 ? [consume(second.url, request)] : [];
        return [consume(url, request), ...repeated].map(async (answer) => ({ request, ...(await answer) }));
      }),
    );

    const rows = (await journalOf(server, user.email)).filter(({ kind }) => kind === "consume");
    // Checked by request and not only by sum, where a double charge and a lost charge would cancel out.
    for (const { request, status, body } of answers) {
      const done = rows.filter((row) => row.key === `caller:${request.key}`);
      if (status === 200) {
        expect(done).toMatchObject([{ id: body.transactionId, amount: request.amount, balanceAfter: body.balance }]);
      } else {
        expect({ status, code: body.code }).toEqual({ status: 402, code: "INSUFFICIENT_CREDITS" });
      }
    }
    const accepted = new Set(answers.filter(({ status }) => status === 200).map(({ request }) => request.key));
    expect(rows.map((row) => row.key).toSorted()).toEqual([...accepted].map((key) => `caller:${key}`).toSorted());
    const spent = requests.filter(({ key }) => accepted.has(key)).reduce((sum, { amount }) => sum + amount, 0);
    expect(spent).toBeLessThanOrEqual(100);
    for (const url of [server.api.url, second.url]) {
      expect((await callRest(url, "GET", "/credits/balance", { token })).body).toMatchObject({ balance: 100 - spent });
    }
    // A refused request needs more than the balance, and some requests need one credit: so no credit is left.
    expect(100 - spent).toBe(0);
  });

  test("concurrent requests to two servers number the entries without a gap, and each balance follows from the previous one", async () => {
    const token = await server.token(other);
    const urls = [server.api.url, second.url];
    await Promise.all(
      Array.from({ length: 90 }, (_, at) =>
        callRest(urls[at % 2] as string, "POST", "/credits/consume", { token, body: { amount: 1, action: "count" } }),
      ),
    );
    const rows = await journalOf(server, other.email);
    expect(rows.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 91 }, (_, at) => at + 1));
    expect(rows.map((row) => row.balanceAfter)).toEqual(Array.from({ length: 91 }, (_, at) => 100 - at));
  });

  test("two servers that start concurrently on an empty database create each user once, with one grant", async () => {
    const fresh = await freshDatabase(database);
    const list = Array.from({ length: 3 }, (_, at) => `new${at}@example.com:password123`).join(",");
    const start = () => startApi({ databaseUrl: fresh.url, env: { USER_WHITELIST: list } });
    const both = await Promise.all([start(), start()]);
    const { url } = both[0];
    const login = { email: "new2@example.com", password: "password123" };
    const { token } = (await callRest(url, "POST", "/auth/login", { body: login })).body;
    expect((await callRest(url, "GET", "/credits/balance", { token })).body).toMatchObject({ balance: 100 });
    await Promise.all(both.map((api) => api.stop()));
    await fresh.drop();
  });
}
