import { callRest, describeOn, freshDatabase, startApi } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import { journalOf } from "./journal.ts";
import { startServer, user } from "./start-server.ts";

const SECRET = "one-secret-for-every-replica-0123456789";

/** One request as its sender knows it. */
type Sent = { readonly key: string; readonly amount: number };

describe.each(["postgresql", "mysql"] as const)("two servers on one %s", (database) => {
  describeOn(database)("", () => describeTwo(database));
});

function describeTwo(database: "postgresql" | "mysql"): void {
  test("give away the last credits once: 200 requests at once, each with a key, some sent twice", async () => {
    const server = await startServer(database, { JWT_SECRET: SECRET });
    const second = await startApi({ databaseUrl: server.database.url, env: { JWT_SECRET: SECRET } });
    const token = await server.token();
    const sent: Sent[] = Array.from({ length: 200 }, (_, at) => ({ key: `request-${at}`, amount: 1 + (at % 3) }));
    const ask = (url: string, { key, amount }: Sent) =>
      callRest(url, "POST", "/credits/consume", {
        token,
        body: { amount, action: "last" },
        headers: { "idempotency-key": key },
      });

    const answers = await Promise.all(
      sent.flatMap((request, at) => {
        const url = at % 2 === 0 ? server.api.url : second.url;
        const twin = at % 5 === 0 ? [ask(second.url, request)] : [];
        return [ask(url, request), ...twin].map(async (answer) => ({ request, ...(await answer) }));
      }),
    );

    const rows = (await journalOf(server, user.email)).filter(({ kind }) => kind === "consume");
    // By request, not only by sum: a double charge and a lost one would cancel out.
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
    const spent = sent.filter(({ key }) => accepted.has(key)).reduce((sum, { amount }) => sum + amount, 0);
    expect(spent).toBeLessThanOrEqual(100);
    for (const url of [server.api.url, second.url]) {
      expect((await callRest(url, "GET", "/credits/balance", { token })).body).toMatchObject({ balance: 100 - spent });
    }
    // Whoever was refused asked for more than was left: with single credits around, nothing is left over.
    expect(100 - spent).toBe(0);
    await second.stop();
    await server.stop();
  });

  test("number the transactions of an account without a gap, and every balance follows from the one before", async () => {
    const server = await startServer(database, { JWT_SECRET: SECRET });
    const second = await startApi({ databaseUrl: server.database.url, env: { JWT_SECRET: SECRET } });
    const token = await server.token();
    const urls = [server.api.url, second.url];
    await Promise.all(
      Array.from({ length: 90 }, (_, at) =>
        callRest(urls[at % 2] as string, "POST", "/credits/consume", { token, body: { amount: 1, action: "count" } }),
      ),
    );
    const rows = await journalOf(server, user.email);
    expect(rows.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 91 }, (_, at) => at + 1));
    expect(rows.map((row) => row.balanceAfter)).toEqual(Array.from({ length: 91 }, (_, at) => 100 - at));
    await second.stop();
    await server.stop();
  });

  test("started at the same moment on an empty database make every user once, with one grant", async () => {
    const fresh = await freshDatabase(database);
    const list = Array.from({ length: 6 }, (_, at) => `new${at}@example.com:password123`).join(",");
    const start = () => startApi({ databaseUrl: fresh.url, env: { USER_WHITELIST: list } });
    const both = await Promise.all([start(), start()]);
    const { url } = both[0];
    const login = { email: "new5@example.com", password: "password123" };
    const { token } = (await callRest(url, "POST", "/auth/login", { body: login })).body;
    expect((await callRest(url, "GET", "/credits/balance", { token })).body).toMatchObject({ balance: 100 });
    await Promise.all(both.map((api) => api.stop()));
    await fresh.drop();
  });
}
