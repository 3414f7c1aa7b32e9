import { openDatabase } from "@jifen/database";
import { type FakeGateway, startAlipay } from "@jifen/testkit/gateways";
import { callRest, freePort } from "@jifen/testkit/processes";
import type { Bench } from "../bench.ts";
import { startApi } from "../http/servers.ts";
import { insertUsers, logInAll } from "../load/logins.ts";
import type { Tokens } from "../load/requests.ts";
import type { FilledKind } from "../logs/filled.ts";
import { openRawDatabase } from "../logs/raw-logs.ts";
import { METRICS_TOKEN } from "../server-metrics.ts";
import { emailOf } from "../workload.ts";
import { insertPacks, PACK } from "./packs.ts";

/** A server that sells a pack through a fake of Alipay. */
export type Shop = {
  readonly url: string;
  readonly databaseUrl: string;
  readonly fake: FakeGateway;
  /** Those of the users; the first one is an admin. */
  readonly tokens: Tokens;
  /** Orders the pack for a user, from 0. @returns the id of the order, which is its number at the fake */
  order(user: number): Promise<string>;
  /** Asks for an order as its user. `check`: the provider is asked as well. @returns whether it is credited */
  isCredited(user: number, orderId: string, how?: "check"): Promise<boolean>;
  stop(): Promise<void>;
};

/** Starts a shop with so many users on an empty database. */
export async function openShop(bench: Bench, kind: FilledKind, users: number): Promise<Shop> {
  const { url: databaseUrl } = await bench.databases.create(kind);
  await (await openDatabase(databaseUrl)).close();
  const raw = await openRawDatabase(kind, databaseUrl);
  await raw.rows(insertUsers);
  await raw.rows(`UPDATE users SET role = 'admin' WHERE id = '${emailOf(1)}'`);
  await raw.rows(insertPacks);
  await raw.close();
  const fake = await startAlipay();
  // A notice that comes while the server is busy is sent again for a minute.
  fake.turn({ retries: 60 });
  const port = String(await freePort());
  const server = await startApi(databaseUrl, {
    ...{ ...fake.settings, RATE_LIMIT_ORDERS: "off", PAY_TEST: "on", METRICS_TOKEN },
    ...{ PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}` },
  });
  const tokens = await logInAll(server.url, users);
  const tokenOf = (user: number) => `${tokens[user % users]}`;
  return {
    ...{ url: server.url, databaseUrl, fake, tokens },
    order: async (user) => {
      const body = { packId: PACK.id, channel: "alipay" };
      const answer = await callRest(server.url, "POST", "/orders", { token: tokenOf(user), body });
      if (answer.status !== 200) throw new Error(`an order was answered with ${JSON.stringify(answer.body)}`);
      return answer.body.orderId as string;
    },
    isCredited: async (user, orderId, how) => {
      const call = how === "check" ? { token: tokenOf(user), body: {} } : { token: tokenOf(user) };
      const [method, path] = how === "check" ? ["POST", `/orders/${orderId}/check`] : ["GET", `/orders/${orderId}`];
      const { body } = await callRest(server.url, method, path, call);
      return body.state === "credited";
    },
    stop: async () => {
      await server.stop();
      await fake[Symbol.asyncDispose]();
    },
  };
}
