import { describe, expect, test } from "vitest";
import { authJsToken } from "./authjs.ts";

const source = (cookies: Record<string, string>) =>
  Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join("; ");

describe("the session token of a site with Auth.js", () => {
  const cases: { cookies: Record<string, string>; token: string | undefined; says: string }[] = [
    { cookies: { "authjs.session-token": "a.b" }, token: "a.b", says: "is read on http" },
    { cookies: { "__Secure-authjs.session-token": "a" }, token: "a", says: "is read on https" },
    { cookies: { "next-auth.session-token": "a" }, token: "a", says: "is read from NextAuth 4" },
    { cookies: { "__Secure-next-auth.session-token": "a" }, token: "a", says: "is read from NextAuth 4 on https" },
    {
      cookies: { "authjs.session-token": "http", "__Secure-authjs.session-token": "https" },
      token: "https",
      says: "is that of https where both are there",
    },
    {
      cookies: { "authjs.session-token.1": "b", "authjs.session-token.0": "a", "authjs.session-token.2": "c" },
      token: "abc",
      says: "comes out whole, whatever the order of its chunks",
    },
    {
      cookies: { "authjs.session-token.0": "a", "authjs.session-token.9": "planted", "authjs.session-token.x": "y" },
      token: "a",
      says: "has nothing in it that somebody planted beside it",
    },
    { cookies: { "authjs.session-token.1": "b" }, token: undefined, says: "is not what begins in the middle" },
    { cookies: { "authjs.session-token": "" }, token: undefined, says: "is not an empty cookie" },
    { cookies: { "my-authjs.session-token": "a", other: "b" }, token: undefined, says: "is not in other cookies" },
  ];
  test.each(cases)("$says", ({ cookies, token }) => {
    expect(authJsToken(source(cookies))).toBe(token);
    expect(authJsToken(new Request("https://site.example", { headers: { cookie: source(cookies) } }))).toBe(token);
    const store = { getAll: () => Object.entries(cookies).map(([name, value]) => ({ name, value })) };
    expect(authJsToken(store)).toBe(token);
  });

  test("is in a cookie of another name where the site chose one", () => {
    expect(authJsToken("sid=a", ["sid"])).toBe("a");
    expect(authJsToken("authjs.session-token=a", ["sid"])).toBeUndefined();
    expect(authJsToken("")).toBeUndefined();
  });
});
