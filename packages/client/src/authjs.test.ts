import { describe, expect, test } from "vitest";
import { authJsToken } from "./authjs.ts";

const cookieHeader = (cookies: Record<string, string>) =>
  Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join("; ");

describe("authJsToken", () => {
  const cases: { cookies: Record<string, string>; token: string | undefined; says: string }[] = [
    { cookies: { "authjs.session-token": "a.b" }, token: "a.b", says: "reads the cookie of Auth.js over http" },
    { cookies: { "__Secure-authjs.session-token": "a" }, token: "a", says: "reads the cookie of Auth.js over https" },
    { cookies: { "next-auth.session-token": "a" }, token: "a", says: "reads the cookie of NextAuth 4" },
    {
      cookies: { "__Secure-next-auth.session-token": "a" },
      token: "a",
      says: "reads the cookie of NextAuth 4 over https",
    },
    {
      cookies: { "authjs.session-token": "http", "__Secure-authjs.session-token": "https" },
      token: "https",
      says: "prefers the cookie for https",
    },
    {
      cookies: { "authjs.session-token.1": "b", "authjs.session-token.0": "a", "authjs.session-token.2": "c" },
      token: "abc",
      says: "joins chunks in the order of their numbers",
    },
    {
      cookies: { "authjs.session-token.0": "a", "authjs.session-token.9": "planted", "authjs.session-token.x": "y" },
      token: "a",
      says: "ignores chunks after a gap and other suffixes",
    },
    { cookies: { "authjs.session-token.1": "b" }, token: undefined, says: "ignores chunks without the first one" },
    { cookies: { "authjs.session-token": "" }, token: undefined, says: "ignores an empty cookie" },
    { cookies: { "my-authjs.session-token": "a", other: "b" }, token: undefined, says: "ignores other cookies" },
  ];
  test.each(cases)("authJsToken $says", ({ cookies, token }) => {
    expect(authJsToken(cookieHeader(cookies))).toBe(token);
    expect(authJsToken(new Request("https://site.example", { headers: { cookie: cookieHeader(cookies) } }))).toBe(
      token,
    );
    const store = { getAll: () => Object.entries(cookies).map(([name, value]) => ({ name, value })) };
    expect(authJsToken(store)).toBe(token);
  });

  test("authJsToken reads custom cookie names instead of the default ones", () => {
    expect(authJsToken("sid=a", ["sid"])).toBe("a");
    expect(authJsToken("authjs.session-token=a", ["sid"])).toBeUndefined();
    expect(authJsToken("")).toBeUndefined();
  });
});
