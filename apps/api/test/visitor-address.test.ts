import { request } from "node:http";
import { callRest } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiWithAdmin, admin, startApiWithAdmin } from "./start-api-with-admin.ts";
import { type Server, startServer } from "./start-server.ts";
import { createTestUsers } from "./test-users.ts";

const accounts = Array.from({ length: 40 }, (_, n) => `account-${n}@example.com`);
let logins = 0;
/** A login that is wrong, each time for another account. Its hash has the lowest cost, unlike that of an unknown account. */
const wrongLogin = () => ({ email: accounts[logins++], password: "wrong" });
/** Creates the accounts of `wrongLogin`. */
const createAccounts = ({ database }: Server) =>
  createTestUsers(database.url, accounts.map((email) => `${email}:password-0`).join(","), 0);

describe("the address of a site's visitor", { timeout: timeLimit(90) }, () => {
  let api: ApiWithAdmin;
  let siteKey: string;
  beforeAll(async () => {
    api = await startApiWithAdmin("sqlite", { RATE_LIMIT_LOGIN: "2/1h" });
    await createAccounts(api.server);
    siteKey = await createKey(["visitor-address"]);
  });
  afterAll(() => api.server.stop());

  const createKey = async (scopes: readonly string[]): Promise<string> => {
    const { status, body } = await api.post("/keys", { name: "site", scopes }, { as: "admin" });
    expect(status).toBe(200);
    return body.key;
  };
  const login = (headers: Record<string, string>, body: object = wrongLogin()) =>
    callRest(api.server.api.url, "POST", "/auth/login", { body, headers });
  /** The statuses of three wrong logins: the third one of the same address is 429. */
  const threeLogins = async (headers: (n: number) => Record<string, string>) => {
    const seen: number[] = [];
    for (let n = 0; n < 3; n += 1) seen.push((await login(headers(n))).status);
    return seen;
  };

  test("a site with a key names its visitors, and each counts alone", async () => {
    const visitor = (address: string) => ({ "x-site-key": siteKey, "x-forwarded-for": address });
    expect(await threeLogins((n) => visitor(`203.0.113.${n}`))).toEqual([401, 401, 401]);
    expect(await threeLogins(() => visitor("2001:db8:1:1::9"))).toEqual([401, 401, 429]);
    expect((await login(visitor("[2001:db8:1:1::7]:443"))).status).toBe(429);
    expect((await login(visitor("2001:db8:1:2::7"))).status).toBe(401);
  });

  test("a site with a key can use the Forwarded header", async () => {
    expect(await threeLogins(() => ({ "x-site-key": siteKey, forwarded: "for=198.51.100.1" }))).toEqual([
      401, 401, 429,
    ]);
    expect((await login({ "x-site-key": siteKey, forwarded: 'for="198.51.100.2:80"' })).status).toBe(401);
  });

  test("headers of others have no effect and cause no error", async () => {
    const withoutScope = await createKey(["users:read", "act-as"]);
    const revoked = await createKey(["visitor-address"]);
    await api.post(`/keys/${revoked.slice(8, 20)}/revoke`, {}, { as: "admin" });
    const typo = `${siteKey.slice(0, -1)}${siteKey.endsWith("0") ? "1" : "0"}`;
    const forged = [undefined, "", "rubbish", typo, withoutScope, revoked, api.tokens.admin];
    const headers = forged.map((key, n) => ({
      "x-forwarded-for": `203.0.113.${100 + n}`,
      ...(key !== undefined && { "x-site-key": key }),
    }));
    const answers = [];
    for (const each of headers) answers.push((await login(each)).status);
    expect(answers).toEqual([401, 401, 429, 429, 429, 429, 429]);
    expect((await login({ "x-site-key": siteKey, "x-forwarded-for": "203.0.113.100" })).status).toBe(401);
  });

  test("a user who is not an admin cannot create a key that names visitors", async () => {
    expect(await api.post("/keys", { name: "site", scopes: ["visitor-address"] })).not.toMatchObject({ status: 200 });
  });

  test("a key that names visitors allows nothing else", async () => {
    expect(await api.server.call("GET", "/credits/balance", { token: siteKey })).toMatchObject({ status: 403 });
    const asAdmin = { token: siteKey, userId: admin.email };
    expect(await api.server.call("GET", "/credits/balance", asAdmin)).toMatchObject({ status: 403 });
  });
});

describe("addresses that proxies write", { timeout: timeLimit(90) }, () => {
  let server: Server;
  beforeAll(async () => {
    server = await startServer("sqlite", { TRUST_PROXY: "1", RATE_LIMIT_LOGIN: "1/1h" });
    logins = 0;
    await createAccounts(server);
  });
  afterAll(() => server.stop());

  /** A wrong login with header lines as a proxy sends them. */
  const login = (...lines: readonly (readonly [string, string])[]) =>
    new Promise<number | undefined>((resolve, reject) => {
      const body = JSON.stringify(wrongLogin());
      const { host } = new URL(server.api.url);
      const headers = [
        ["Host", host],
        ["Content-Type", "application/json"],
        ["Content-Length", `${body.length}`],
        ...lines,
      ];
      const sent = request(`${server.api.url}/auth/login`, { method: "POST", headers: headers.flat() }, (response) => {
        response.resume().once("end", () => resolve(response.statusCode));
      });
      sent.once("error", reject).end(body);
    });

  test.each([
    {
      says: "with the ports of Azure's gateway",
      line: (n: number) => ["X-Forwarded-For", `203.0.113.${n}:${5000 + n}`],
    },
    { says: "with IPv6 and a port", line: (n: number) => ["X-Forwarded-For", `[2001:db8:0:${n}::1]:443`] },
    {
      says: "in a Forwarded header",
      line: (n: number) => ["Forwarded", `for="[2001:db8:7:${n}::1]:4711";proto=https`],
    },
    { says: "hidden by the proxy", line: (n: number) => ["Forwarded", `for=_client${n}`] },
  ])("clients $says count each alone", async ({ line }) => {
    const seen = [];
    for (let n = 1; n <= 4; n += 1) seen.push(await login(line(n) as [string, string]));
    expect(seen).toEqual([401, 401, 401, 401]);
    expect(await login(line(1) as [string, string])).toBe(429);
  });

  test("the last of several header lines names the client", async () => {
    const lines = (n: number) =>
      [
        ["X-Forwarded-For", `6.6.6.${n}`],
        ["x-forwarded-for", "198.51.100.77:1"],
      ] as const;
    expect(await login(...lines(1))).toBe(401);
    expect(await login(...lines(2))).toBe(429);
  });
});
