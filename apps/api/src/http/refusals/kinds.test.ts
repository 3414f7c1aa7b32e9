import { type Refusal, type RefusalCode, refusals } from "@jifen/contract";
import { expect, test } from "vitest";
import { kindOf, refusalKinds } from "./kinds.ts";

const refusalOf = (code: RefusalCode) => ({ code }) as Refusal;

test("every code of a status that attacks produce is logged at warn", () => {
  const quiet: readonly RefusalCode[] = ["REGISTRATION_CLOSED"];
  for (const code of Object.keys(refusals) as RefusalCode[]) {
    const { status } = refusals[code];
    if (![401, 403, 408, 429, 431].includes(status) && status < 500) continue;
    const kind = kindOf(refusalOf(code), { hasCredential: true });
    expect({ code, level: refusalKinds[kind] }).toEqual({ code, level: quiet.includes(code) ? "info" : "warn" });
  }
});

test.each([
  { code: "INVALID_CREDENTIALS", kind: "failed-login" },
  { code: "SCOPE_NOT_GRANTABLE", kind: "forbidden" },
  { code: "SELF_ACTION_FORBIDDEN", kind: "forbidden" },
  { code: "USER_MISMATCH", kind: "forbidden" },
  { code: "LINK_EXPIRED", kind: "refused-credential" },
  { code: "OUTCOME_UNKNOWN", kind: "unavailable" },
  { code: "INSUFFICIENT_CREDITS", kind: "ordinary" },
  { code: "VALIDATION_FAILED", kind: "ordinary" },
  { code: "NOT_FOUND", kind: "not-found" },
  { code: "HOLD_NOT_FOUND", kind: "not-found" },
] as const)("$code is of the kind $kind", ({ code, kind }) => {
  expect(kindOf(refusalOf(code), { hasCredential: true })).toBe(kind);
});

test("a request without a credential is ordinary, one with a refused credential is not", () => {
  expect(kindOf(refusalOf("UNAUTHENTICATED"), { hasCredential: false })).toBe("ordinary");
  expect(kindOf(refusalOf("UNAUTHENTICATED"), { hasCredential: true })).toBe("refused-credential");
});
