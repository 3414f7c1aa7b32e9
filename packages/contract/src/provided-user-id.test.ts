import { accountOf, heldAccountOf, userId } from "@jifen/core";
import { describe, expect, test } from "vitest";
import { zEmail } from "./email-address.ts";
import { zProvidedUserId } from "./provided-user-id.ts";

describe("the id of a user that a site names", () => {
  test("of every single character, none is the address of a user, and none reaches the account of another user", () => {
    for (let code = 0; code <= 0xffff; code += 1) {
      const id = `a${String.fromCharCode(code)}held`;
      if (!zProvidedUserId.safeParse(id).success) continue;
      expect(zEmail.safeParse(id).success).toBe(false);
      expect(accountOf(userId(id))).not.toBe(heldAccountOf(accountOf(userId("a"))));
    }
  });

  test.each(["user_2abC", "-_-", "auth0|1", "x.y", "a".repeat(128)])("%s is accepted as it is", (id) => {
    expect(zProvidedUserId.parse(id)).toBe(id);
  });

  test.each(["", ".", "..", "a:held", "a b", "a/b", "ａ", "a\n", "a".repeat(129), "a@"])("%j is refused", (id) => {
    expect(zProvidedUserId.safeParse(id).success).toBe(false);
  });

  test("an address is normalised", () => {
    expect(zProvidedUserId.parse("Ann@Example.com")).toBe("ann@example.com");
  });
});
