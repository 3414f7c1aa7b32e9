import { callRest, startApi } from "@jifen/testkit";
import { startOwnPostgresql } from "@jifen/testkit/processes";
import { expect, test } from "vitest";
import { user } from "./signed-in.ts";

/** A server on a PostgreSQL of its own, and somebody with 100 credits who spends one at a time. */
async function spending() {
  const postgresql = await startOwnPostgresql();
  const api = await startApi({
    databaseUrl: postgresql.url,
    env: { USER_WHITELIST: `${user.email}:${user.password}` },
  });
  const { token } = (await callRest(api.url, "POST", "/auth/login", { body: user })).body;
  const consume = (key: string) =>
    callRest(api.url, "POST", "/credits/consume", {
      token,
      body: { amount: 1, action: "a" },
      headers: { "idempotency-key": key },
    });
  return {
    postgresql,
    consume,
    balance: async () => (await callRest(api.url, "GET", "/credits/balance", { token })).body.balance,
    ready: async () => (await callRest(api.url, "GET", "/readyz")).status,
    live: async () => (await callRest(api.url, "GET", "/livez")).status,
    [Symbol.asyncDispose]: async () => {
      postgresql.thaw();
      await api.stop("SIGKILL");
      await postgresql[Symbol.asyncDispose]();
    },
  };
}

const unavailable = { status: 503, body: { code: "DATABASE_UNAVAILABLE" } };
const within = { timeout: 20_000, interval: 50 };

test("PostgreSQL ends without a word: everything that needs it is answered by 503, and works again when it is back", {
  timeout: 90_000,
}, async () => {
  await using site = await spending();
  expect(await site.consume("before")).toMatchObject({ status: 200, body: { balance: 99 } });
  await site.postgresql.kill();
  // A connection that was open may find out in the middle of its work; the ones after it are refused.
  await expect.poll(() => site.consume("during"), within).toMatchObject(unavailable);
  expect([await site.ready(), await site.live()]).toEqual([503, 200]);
  await site.postgresql.start();
  await expect.poll(site.ready, within).toBe(200);
  await expect.poll(() => site.consume("during"), within).toMatchObject({ status: 200 });
  expect(await site.balance()).toBe(98);
});

test("PostgreSQL stops where it stands: once that is known, nobody waits for it any more, and it is used again when it goes on", {
  timeout: 90_000,
}, async () => {
  await using site = await spending();
  site.postgresql.freeze();
  let isFirstAnswered = false;
  const first = site.consume("first").finally(() => {
    isFirstAnswered = true;
  });
  await expect.poll(site.ready, within).toBe(503);
  // Those who come before it is known wait behind the first.
  const waiting: Promise<unknown>[] = [];
  const answered: unknown[] = [];
  await expect
    .poll(() => {
      waiting.push(site.consume("later").then((answer) => answered.push(answer)));
      return answered.length > 0;
    }, within)
    .toBe(true);
  expect([answered[0], isFirstAnswered]).toMatchObject([unavailable, false]);
  expect(await site.live()).toBe(200);
  site.postgresql.thaw();
  await Promise.all([first, ...waiting]);
  await expect.poll(site.ready, within).toBe(200);
  for (const key of ["first", "later"]) {
    await expect.poll(() => site.consume(key), within).toMatchObject({ status: 200 });
  }
  expect(await site.balance()).toBe(98);
});
