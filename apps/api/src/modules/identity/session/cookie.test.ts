import { describe, expect, test } from "vitest";
import { createSessionCookie, isSessionPath } from "./cookie.ts";

const headersOf =
  (headers: Readonly<Record<string, string>>) =>
  (name: string): string | undefined =>
    headers[name];

const own = { cookie: "a=b; jifen_session=the-token; c=d", "x-jifen-session": "1" };

describe("the session cookie", () => {
  test.each([
    {
      publicUrl: "https://credits.example.com",
      expected: "__Host-jifen_session=t; Max-Age=60; Path=/; HttpOnly; SameSite=Strict; Secure",
    },
    {
      publicUrl: "http://localhost:3001",
      expected: "jifen_session=t; Max-Age=60; Path=/; HttpOnly; SameSite=Strict",
    },
    {
      publicUrl: "https://example.com/credits",
      expected: "jifen_session=t; Max-Age=60; Path=/credits; HttpOnly; SameSite=Strict; Secure",
    },
  ])("the session cookie of a server at $publicUrl is $expected", ({ publicUrl, expected }) => {
    expect(createSessionCookie(() => publicUrl).set("t", 60)).toBe(expected);
  });

  test.each<{ says: string; headers: Record<string, string>; found: string | undefined }>([
    { says: "from a page of this server", headers: { ...own, "sec-fetch-site": "same-origin" }, found: "the-token" },
    { says: "from a browser without Sec-Fetch-Site", headers: own, found: "the-token" },
    { says: "without X-Jifen-Session", headers: { cookie: own.cookie }, found: undefined },
    { says: "with another X-Jifen-Session", headers: { ...own, "x-jifen-session": "0" }, found: undefined },
    { says: "from another site", headers: { ...own, "sec-fetch-site": "cross-site" }, found: undefined },
    { says: "from another host of the site", headers: { ...own, "sec-fetch-site": "same-site" }, found: undefined },
    { says: "with Authorization", headers: { ...own, authorization: "Bearer x" }, found: undefined },
    { says: "without a cookie", headers: { "x-jifen-session": "1" }, found: undefined },
    { says: "with an empty cookie", headers: { ...own, cookie: "jifen_session=" }, found: undefined },
    { says: "with the cookie of another server", headers: { ...own, cookie: "x_jifen_session=t" }, found: undefined },
  ])("the session cookie of a request $says is read as $found", ({ headers, found }) => {
    expect(createSessionCookie(() => "http://localhost:3001").read(headersOf(headers))).toBe(found);
  });

  test.each([
    { cookies: "jifen_session=one; jifen_session=two", found: undefined, tokens: ["one", "two"] },
    { cookies: "jifen_session=one; jifen_session=", found: undefined, tokens: ["one"] },
    { cookies: "jifen_session=one; a=b; jifen_session=one", found: "one", tokens: ["one"] },
  ])(
    "the session cookies $cookies are read as $found: a sibling domain can add one of another session",
    ({ cookies, found, tokens }) => {
      const cookie = createSessionCookie(() => "https://example.com/credits");
      expect(cookie.read(headersOf({ ...own, cookie: cookies }))).toBe(found);
      expect(cookie.tokensIn(cookies)).toEqual(tokens);
    },
  );

  test("the session cookie counts on /session and below it, and on no other REST path", () => {
    expect(["/session", "/session/confirmation"].map(isSessionPath)).toEqual([true, true]);
    expect(["/sessions", "/admin/session", "/credits/balance"].map(isSessionPath)).toEqual([false, false, false]);
  });
});
