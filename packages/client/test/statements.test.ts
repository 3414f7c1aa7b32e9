import { startApi } from "@jifen/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createJifenClient, type JifenClient, JifenError } from "../src/index.ts";

const credentials = { email: "user@example.com", password: "password123" };

let jifen: JifenClient;
let stop: () => Promise<unknown>;
beforeAll(async () => {
  const api = await startApi({ env: { USER_WHITELIST: `${credentials.email}:${credentials.password}` } });
  const { token } = await createJifenClient({ url: api.url }).auth.login.mutate(credentials);
  jifen = createJifenClient({ url: api.url, token });
  stop = () => api.stop();
});
afterAll(() => stop?.());

test("the typed client reads the statement of a month, which ends with the balance", async () => {
  await jifen.credits.consume.mutate({ amount: 5, action: "video" });
  const month = new Date().toISOString().slice(0, 7);
  const statement = await jifen.statements.find.query({ month, tz: "UTC" });
  const { balance } = await jifen.credits.balance.query();
  expect(statement).toMatchObject({
    ...{ userId: credentials.email, month, tz: "UTC", final: false },
    ...{ spent: { total: 5, charges: 1 }, closing: { balance, held: 0, total: balance } },
  });
  expect(statement.spent.byAction.map(({ action, amount }) => `${action} ${amount}`)).toEqual(["video 5"]);
});

test("the typed client gets a month that has not begun as an error that names the field", async () => {
  const error = await jifen.statements.find.query({ month: "9999-01" }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(JifenError);
  expect(error).toMatchObject({ code: "VALIDATION_FAILED", details: { issues: [{ path: "month" }] } });
});
