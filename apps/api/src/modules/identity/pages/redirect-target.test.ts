import { describe, expect, test } from "vitest";
import { redirectTarget } from "./redirect-target.ts";

const root = "https://credits.example.com";
const prefixed = "https://example.com/jifen";

describe("redirectTarget", () => {
  test.each([
    { asked: undefined, role: "admin", publicUrl: root, target: "/console" },
    { asked: undefined, role: "support", publicUrl: prefixed, target: "/jifen/console" },
    { asked: undefined, role: "user", publicUrl: root, target: "/account" },
    { asked: "/console/users?role=admin#top", role: "admin", publicUrl: root, target: "/console/users?role=admin#top" },
    { asked: "/account/history", role: "finance", publicUrl: root, target: "/account/history" },
    { asked: "/jifen/account/keys", role: "user", publicUrl: prefixed, target: "/jifen/account/keys" },
  ] as const)("a log-in with the role $role at $publicUrl that asks for $asked leads to $target", (each) => {
    expect(redirectTarget(each.asked, each.role, each.publicUrl)).toBe(each.target);
  });

  test.each([
    "https://evil.example/console",
    "//evil.example/console",
    "/\\evil.example/console",
    "\\\\evil.example/console",
    "/console/../../evil",
    "/console/%2e%2e/docs",
    "/consolex",
    "/docs",
    "javascript:alert(1)",
    "http://[",
    "",
  ])("a log-in that asks for %j leads to the start page: it is no page of the console", (asked) => {
    expect(redirectTarget(asked, "admin", root)).toBe("/console");
  });

  test("a log-in of an end user that asks for the console leads to the account pages", () => {
    expect(redirectTarget("/console/users", "user", root)).toBe("/account");
  });

  test("a log-in at a server with a path that asks for a page outside of that path leads to the start page", () => {
    expect(redirectTarget("/console/users", "admin", prefixed)).toBe("/jifen/console");
  });
});
