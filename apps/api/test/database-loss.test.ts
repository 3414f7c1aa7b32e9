import { callRest, describeOn, freshDatabase, openCuttableProxy, startApi } from "@jifen/testkit";
import { expect, test } from "vitest";
import { user } from "./signed-in.ts";

describeOn("postgresql")("a PostgreSQL that goes away", () => {
  test("is answered by 503 on what needs it, and everything works again when it is back, without a restart", async () => {
    const database = await freshDatabase("postgresql");
    await using wire = await openCuttableProxy(database.url);
    await using api = await startApi({
      databaseUrl: wire.url,
      env: { USER_WHITELIST: `${user.email}:${user.password}` },
    });
    const { token } = (await callRest(api.url, "POST", "/auth/login", { body: user })).body;
    const consume = (key: string) =>
      callRest(api.url, "POST", "/credits/consume", {
        token,
        body: { amount: 5, action: "a" },
        headers: { "idempotency-key": key },
      });
    expect(await consume("before")).toMatchObject({ status: 200, body: { balance: 95 } });

    await wire.refuse();
    for (const answer of [await consume("during"), await callRest(api.url, "GET", "/credits/balance", { token })]) {
      expect(answer).toMatchObject({ status: 503, body: { code: "DATABASE_UNAVAILABLE" } });
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(JSON.stringify(answer.body)).not.toMatch(/ECONN|127\.0\.0\.1|postgres/i);
    }
    expect(await callRest(api.url, "POST", "/auth/login", { body: user })).toMatchObject({ status: 503 });
    expect(await callRest(api.url, "GET", "/readyz")).toMatchObject({ status: 503, body: { database: "unreachable" } });
    expect(await callRest(api.url, "GET", "/health")).toMatchObject({ status: 200 });
    expect(await callRest(api.url, "GET", "/livez")).toMatchObject({ status: 200 });

    await wire.mend();
    expect(await callRest(api.url, "GET", "/readyz")).toMatchObject({ status: 200 });
    expect(await consume("during")).toMatchObject({ status: 200, body: { balance: 90 } });
    await api.stop();
    await database.drop();
  });

  test.each(["before it is sent", "after it is answered"] as const)(
    "with COMMIT, %s, is answered by OUTCOME_UNKNOWN, and a retry with the same key settles it",
    async (moment) => {
      const database = await freshDatabase("postgresql");
      await using wire = await openCuttableProxy(database.url);
      await using api = await startApi({
        databaseUrl: wire.url,
        env: { USER_WHITELIST: `${user.email}:${user.password}` },
      });
      const { token } = (await callRest(api.url, "POST", "/auth/login", { body: user })).body;
      const consume = () =>
        callRest(api.url, "POST", "/credits/consume", {
          token,
          body: { amount: 5, action: "a" },
          headers: { "idempotency-key": "once" },
        });

      wire.cutAt("COMMIT", moment);
      const cut = await consume();
      expect(cut).toMatchObject({ status: 503, body: { code: "OUTCOME_UNKNOWN" } });
      expect(Number(cut.headers.get("retry-after"))).toBeGreaterThan(0);
      const again = await consume();
      expect(again).toMatchObject({ status: 200, body: { balance: 95 } });
      expect(again.headers.get("idempotency-replayed")).toBe(moment === "after it is answered" ? "true" : null);
      expect((await callRest(api.url, "GET", "/credits/balance", { token })).body).toEqual({ balance: 95 });
      await api.stop();
      await database.drop();
    },
  );
});
