import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { type Api, callRest, startApi } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Site, startSite } from "./site.ts";

const https = { "x-forwarded-proto": "https", "x-forwarded-host": "site.example" };

let api: Api;
let site: Site;
let token: string;
beforeAll(async () => {
  api = await startApi({ env: { USER_WHITELIST: "user@example.com:password123" } });
  site = await startSite(api.url);
  const body = { email: "user@example.com", password: "password123" };
  token = (await callRest(api.url, "POST", "/auth/login", { body })).body.token;
});
afterAll(() => site?.[Symbol.asyncDispose]());

const open = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${site.url}${path}`, { headers, redirect: "manual" });

describe("the cookie of the site", () => {
  test.each([
    "",
    "a%00b",
    "%01.b.c",
    "a.b.c%0D%0AX-Evil:1",
    "%E0%A4%A",
    "a.b.%ff",
    "=",
    "a.b.c",
    `a.b.${"c".repeat(5_000)}`,
  ])(
    "the value %j is no session: the home page redirects to the login page, and a call is unauthenticated",
    async (value) => {
      const cookie = `jifen_token=${value}`;
      const home = await open("/", { cookie });
      expect({ status: home.status, location: home.headers.get("location") }).toEqual({
        status: 307,
        location: "/login",
      });
      expect((await open("/login", { cookie })).status).toBe(200);
      expect((await open("/api/jifen/trpc/credits.balance", { cookie })).status).toBe(401);
    },
  );

  test("over HTTPS only the cookie with the prefix __Host- is a session", async () => {
    expect((await open("/", { ...https, cookie: `jifen_token=${token}` })).status).toBe(307);
    expect((await open("/", { ...https, cookie: `__Host-jifen_token=${token}` })).status).toBe(200);
    expect((await open("/", { cookie: `jifen_token=${token}` })).status).toBe(200);
  });
});

describe("the Content-Security-Policy", () => {
  test("a page allows only scripts with the nonce of this response, and all its scripts have it", async () => {
    const [first, second] = [await open("/login"), await open("/login")];
    const policies = [first, second].map(({ headers }) => headers.get("content-security-policy") ?? "");
    const nonces = policies.map((policy) => /script-src 'nonce-([\w+/=]{20,})'/.exec(policy)?.[1]);
    expect(nonces[0]).not.toBe(nonces[1]);
    expect(policies[0]).not.toMatch(/unsafe|\*|https?:/);
    const scripts = (await first.text()).match(/<script\b[^>]*>/g) ?? [];
    expect(scripts.length).toBeGreaterThan(2);
    for (const script of scripts) expect(script).toContain(`nonce="${nonces[0]}"`);
  });

  test.each(["/", "/no-such-page", "/api/jifen/trpc/credits.balance", "/icon.svg"])(
    "%s has exactly one policy, without unsafe sources",
    async (path) => {
      const policy = (await open(path)).headers.get("content-security-policy");
      expect(policy).toMatch(/^default-src 'none'; [^,]*frame-ancestors 'none'$/);
      expect(policy).not.toContain("unsafe");
    },
  );
});

describe("an endless body", () => {
  test.each(["/api/jifen/trpc/codes.redeem?batch=1", "/login"])(
    "POST %s reads an endless chunked body only to a limit, and its memory stays bounded",
    async (path) => {
      const { hostname, port } = new URL(site.url);
      const socket = connect(Number(port), hostname).resume();
      // A write after the server has closed the connection is an error.
      socket.on("error", () => undefined);
      const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
      const head = [
        "Host: site",
        `Cookie: jifen_token=${token}`,
        "Sec-Fetch-Site: same-origin",
        "Content-Type: application/json",
        "Transfer-Encoding: chunked",
      ];
      socket.write(`POST ${path} HTTP/1.1\r\n${head.join("\r\n")}\r\n\r\n`);
      const chunk = `10000\r\n${"x".repeat(65_536)}\r\n`;
      const before = memoryOf(site);
      const deadline = Date.now() + 10_000;
      let sent = 0;
      while (!socket.destroyed && sent < 400_000_000 && Date.now() < deadline) {
        sent += 65_536;
        if (!socket.write(chunk)) await Promise.race([once(socket, "drain").catch(() => undefined), closed]);
      }
      expect(memoryOf(site) - before).toBeLessThan(150_000_000);
      socket.destroy();
      await closed;
    },
  );
});

/** The resident memory of the site's process, in bytes (Linux). */
function memoryOf({ pid }: Site): number {
  const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) * 1_024;
}
