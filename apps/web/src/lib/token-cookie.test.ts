import { describe, expect, test } from "vitest";
import { tokenCookie, tokenIn } from "./token-cookie.ts";

describe("tokenIn", () => {
  test("a value with the form of a token is one", () => {
    expect(tokenIn("eyJh-_0.eyJz.c2ln")).toBe("eyJh-_0.eyJz.c2ln");
  });

  test.each([
    undefined,
    "",
    "undefined",
    "a.b",
    "a.b.c.d",
    "a..c",
    "a.b.c\n",
    "a.b.\u0001",
    "a.b.c\r\nX: 1",
    "a.b.\u00e9",
    "a b.c.d",
    `a.b.${"c".repeat(4_096)}`,
  ])("any other value is no session: %j", (value) => {
    expect(tokenIn(value)).toBeUndefined();
  });
});

test.each([
  { isHttps: true, name: "__Host-jifen_token" },
  { isHttps: false, name: "jifen_token" },
])("with HTTPS $isHttps the cookie is $name", ({ isHttps, name }) => {
  const cookie = tokenCookie({ isHttps });
  expect(cookie).toEqual({ name, attributes: { httpOnly: true, sameSite: "lax", path: "/", secure: isHttps } });
});
