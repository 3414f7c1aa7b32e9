import { startApi } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Server, startServer } from "./start-server.ts";

let server: Server;
let token: string;
beforeAll(async () => {
  server = await startServer("sqlite", {
    FRONTEND_URL: "https://shop-*.example.com",
    PUBLIC_URL: "https://x.example/jifen/",
  });
  token = await server.token();
});
afterAll(() => server.stop());

const get = (path: string, headers = {}) => server.call("GET", path, { token, headers });

describe("a slash too many", () => {
  test.each([
    "/credits/balance/",
    "//credits/balance",
    "/credits//balance",
    "///credits///balance//",
    "/health/",
    "//readyz",
    "/livez/",
    "/openapi.json/",
    "/credits/transactions/?limit=1",
    "/trpc/credits.balance/",
    "/trpc//credits.balance",
    "//trpc/credits.balance",
  ])("GET %s is answered as the path without it", async (path) => {
    expect((await get(path)).status).toBe(200);
  });

  test.each(["/credits/consume/", "//credits/consume", "//trpc/credits.consume/"])(
    "POST %s is answered and not redirected",
    async (path) => {
      const input = { amount: 1, action: "a" };
      const body = path.includes("trpc") ? { json: input } : input;
      expect((await server.call("POST", path, { token, body })).status).toBe(200);
    },
  );

  test("a parameter is found whatever slashes surround the path", async () => {
    const hold = await server.call("POST", "/credits/holds/", { token, body: { amount: 1, action: "a" } });
    expect((await get(`//credits/holds/${hold.body.holdId}/`)).body).toMatchObject({ holdId: hold.body.holdId });
    expect((await server.call("POST", `/credits/holds/${hold.body.holdId}/release/`, { token })).status).toBe(200);
  });

  test.each([
    { method: "GET", path: "/credits/holds//capture" },
    { method: "GET", path: "/credits//transactions/txn-1" },
    { method: "GET", path: "/CREDITS/balance" },
    { method: "GET", path: "/credits%2Fbalance" },
    { method: "GET", path: "/credits/%2Fbalance" },
    { method: "GET", path: "/health//x" },
  ])(
    "$method $path is still unknown: an empty parameter is none, case counts, encoded slashes are data",
    async ({ method, path }) => {
      expect(await server.call(method, path, { token })).toMatchObject({ status: 404, body: { code: "NOT_FOUND" } });
    },
  );

  test.each(["/docs/", "/link//"])("the page %s redirects to its one address by a relative link", async (path) => {
    const response = await fetch(`${server.api.url}${path}`, { redirect: "manual" });
    expect({ status: response.status, location: response.headers.get("location") }).toEqual({
      status: 308,
      location: `..${path.replaceAll(/\/+$/g, "")}`,
    });
  });
});

describe("preflights", () => {
  const preflight = async (origin: string, requested: string) => {
    const headers = { origin, "access-control-request-method": "POST", "access-control-request-headers": requested };
    const response = await fetch(`${server.api.url}/credits/consume`, { method: "OPTIONS", headers });
    const allowed = response.headers.get("access-control-allow-headers")?.toLowerCase().split(",");
    return { origin: response.headers.get("access-control-allow-origin"), allowed, vary: response.headers.get("vary") };
  };

  test("an allowed origin is allowed the headers that its preflight requests", async () => {
    const answer = await preflight("https://shop-pr-7.example.com", "authorization, x-b3-traceid,newrelic");
    expect(answer.origin).toBe("https://shop-pr-7.example.com");
    expect(answer.allowed).toEqual(expect.arrayContaining(["authorization", "x-b3-traceid", "newrelic"]));
    expect(answer.vary).toBe("Origin, Access-Control-Request-Headers");
  });

  test("another origin is allowed nothing that it requests", async () => {
    const answer = await preflight("https://evil.example", "x-b3-traceid");
    expect(answer.origin).toBeNull();
    expect(answer.allowed).not.toContain("x-b3-traceid");
  });

  test("answers to a matching origin name it, answers to others do not", async () => {
    const of = async (origin: string) => (await get("/health", { origin })).headers.get("access-control-allow-origin");
    expect(await of("https://shop-a.example.com")).toBe("https://shop-a.example.com");
    expect(await of("https://shop-a.b.example.com")).toBeNull();
  });
});

describe("addresses in output", () => {
  test("the documentation names PUBLIC_URL and not the visitor's Host", async () => {
    const { body: page } = await get("/docs", { "x-forwarded-host": "evil.example", host: "evil.example" });
    expect(page).not.toContain("evil.example");
    expect(page).toContain("curl https://x.example/jifen/credits/balance");
    expect(page).toContain('href="openapi.json"');
    const { body: document } = await get("/openapi.json");
    expect(document.servers[0].url).toBe("https://x.example/jifen");
  });

  test("the start of the server and the sign-in pages have relative addresses, which work under any path", async () => {
    const start = await fetch(`${server.api.url}/`, { redirect: "manual" });
    expect(start.headers.get("location")).toBe("docs");
    for (const path of ["/login", "/link", "/forgot", "/register"]) {
      const { body: page } = await get(path);
      expect(page).toContain('href="icon.svg"');
      expect(page).not.toMatch(/(href|src|action)="\//);
    }
  });

  test.each([
    { env: { PORT: "0", HOST: "::1" }, url: /^http:\/\/\[::1\]:[1-9]\d+$/ },
    { env: { PORT: "0", HOST: "0.0.0.0" }, url: /^http:\/\/localhost:[1-9]\d+$/ },
    { env: { PORT: "0", HOST: "[::]" }, url: /^http:\/\/localhost:[1-9]\d+$/ },
  ])("a server with $env logs the URL that reaches it, and its links begin with it", async ({ env, url }) => {
    const api = await startApi({ env: { ADMIN_EMAILS: "", ...env } });
    expect(api.url).toMatch(url);
    expect((await fetch(`${api.url}/livez`)).status).toBe(200);
    const ready = api.logs().find(({ msg }) => msg === "ready");
    expect(ready).toMatchObject({ url: api.url, setupLink: expect.stringContaining(`${api.url}/link#first-admin.`) });
    const document = await (await fetch(`${api.url}/openapi.json`)).json();
    expect(document.servers[0].url).toBe(".");
    expect(await (await fetch(`${api.url}/docs`)).text()).toContain(`curl ${api.url}/credits/balance`);
    await api.stop();
  });
});
