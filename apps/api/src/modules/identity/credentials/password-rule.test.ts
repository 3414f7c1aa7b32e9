import { describe, expect, test } from "vitest";
import { createPasswordRule } from "./password-rule.ts";

const email = "annabel@example.com";

describe("a new password", () => {
  test.each([
    { password: "tr0ub4dor-and-3", says: undefined },
    { password: "correct horse battery staple", says: undefined },
    { password: "积分积分积分积分积分", says: undefined },
    { password: "short-one", says: /10 characters/ },
    { password: "积分积分积分", says: /10 characters/ },
    { password: "1234567890", says: /everybody/ },
    { password: "Password123", says: /everybody/ },
    { password: "my-Annabel-2026", says: /e-mail address/ },
    { password: "x".repeat(72), says: undefined },
    { password: "x".repeat(73), says: /72 bytes/ },
    { password: "积".repeat(25), says: /72 bytes/ },
  ])("$password", ({ password, says }) => {
    const message = createPasswordRule(10)(password, email);
    if (says) expect(message).toMatch(says);
    else expect(message).toBeUndefined();
  });

  test("may have to be longer", () => {
    expect(createPasswordRule(15)("tr0ub4dor-and-3".slice(1), email)).toMatch(/15 characters/);
  });
});
