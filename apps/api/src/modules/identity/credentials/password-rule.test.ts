import { describe, expect, test } from "vitest";
import { createPasswordRule } from "./password-rule.ts";

const email = "annabel@example.com";

describe("the password rule", () => {
  test.each([
    { password: "tr0ub4dor-and-3", problem: undefined },
    { password: "correct horse battery staple", problem: undefined },
    { password: "积分积分积分积分积分", problem: undefined },
    { password: "short-one", problem: /10 characters/ },
    { password: "积分积分积分", problem: /10 characters/ },
    { password: "1234567890", problem: /common password/ },
    { password: "Password123", problem: /common password/ },
    { password: "my-Annabel-2026", problem: /e-mail address/ },
    { password: "x".repeat(72), problem: undefined },
    { password: "x".repeat(73), problem: /72 bytes/ },
    { password: "积".repeat(25), problem: /72 bytes/ },
  ])("$password is checked: $problem", ({ password, problem }) => {
    const message = createPasswordRule(10)(password, email);
    if (problem) expect(message).toMatch(problem);
    else expect(message).toBeUndefined();
  });

  test("the minimum length is a setting", () => {
    expect(createPasswordRule(15)("tr0ub4dor-and-3".slice(1), email)).toMatch(/15 characters/);
  });
});
