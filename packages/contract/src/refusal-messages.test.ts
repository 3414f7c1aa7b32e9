import { describe, expect, test } from "vitest";
import { bilingual, languages } from "./language.ts";
import type { RefusalDetails } from "./refusal-details.ts";
import { refusalMessage } from "./refusal-messages.ts";
import { type Refusal, refusals } from "./refusals.ts";

const issue = (path: string) => ({ path, message: bilingual({ zh: "必须是整数", en: "must be a whole number" }) });
const time = "2027-01-02T03:04:05.000Z";

/** A refusal of each code that has fields, and what its message says of them in both languages. */
const samples: { readonly [Code in keyof RefusalDetails]: readonly [Refusal<Code>, ...string[]] } = {
  VALIDATION_FAILED: [{ code: "VALIDATION_FAILED", issues: [issue("amount"), issue("b"), issue("c")] }, "amount", "2"],
  CATALOGUE_INVALID: [{ code: "CATALOGUE_INVALID", issues: [issue("packs.0.price")] }, "packs.0.price"],
  MALFORMED_JSON: [{ code: "MALFORMED_JSON", issues: [issue("input")] }, "input"],
  FORBIDDEN: [{ code: "FORBIDDEN", missing: "scope", roles: ["admin"], scope: "logs:write" }, "logs:write"],
  INSUFFICIENT_CREDITS: [{ code: "INSUFFICIENT_CREDITS", balance: 3, required: 71 }],
  UNAUTHENTICATED: [{ code: "UNAUTHENTICATED", reason: "invalid_token" }],
  OUTCOME_UNKNOWN: [{ code: "OUTCOME_UNKNOWN", transactionId: "tx-1" }],
  RATE_LIMITED: [{ code: "RATE_LIMITED", retryAfterSeconds: 71 }, "71"],
  SCOPE_NOT_GRANTABLE: [{ code: "SCOPE_NOT_GRANTABLE", scopes: ["admin", "act-as"] }, "admin, act-as"],
  KEY_LIMIT_REACHED: [{ code: "KEY_LIMIT_REACHED", limit: 71 }, "71"],
  GRANT_LIMIT_REACHED: [{ code: "GRANT_LIMIT_REACHED", limit: 100, used: 29, resetsAt: time }, "71", "100", time],
  CODE_LIMIT: [{ code: "CODE_LIMIT", limit: 71 }, "71"],
  ENDPOINT_LIMIT: [{ code: "ENDPOINT_LIMIT", limit: 71 }, "71"],
  ORDER_LIMIT: [{ code: "ORDER_LIMIT", limit: 71 }, "71"],
  ALREADY_BOUGHT: [{ code: "ALREADY_BOUGHT", limit: 71 }, "71"],
  CHANNEL_OFF: [{ code: "CHANNEL_OFF", channels: ["stripe", "epay"] }, "stripe, epay"],
  CURRENCY_NOT_SOLD: [{ code: "CURRENCY_NOT_SOLD", currencies: ["CNY", "USD"] }, "CNY, USD"],
  PAYMENT_NOT_REFUNDABLE: [{ code: "PAYMENT_NOT_REFUNDABLE", state: "returned" }, "returned"],
  NOT_STUCK: [{ code: "NOT_STUCK", state: "sent" }, "sent"],
  REFUND_EXCEEDS_PAYMENT: [{ code: "REFUND_EXCEEDS_PAYMENT", most: 71 }, "71"],
  REFUND_EXCEEDS_UNUSED: [{ code: "REFUND_EXCEEDS_UNUSED", most: 71 }, "71"],
  NOT_IN_REVIEW: [{ code: "NOT_IN_REVIEW", state: "credited" }, "credited"],
  NOT_ACCEPTABLE: [{ code: "NOT_ACCEPTABLE", reason: "disputed" }, "disputed"],
  PAYLOAD_TOO_LARGE: [{ code: "PAYLOAD_TOO_LARGE", limitBytes: 71 }, "71"],
  HOLD_ALREADY_RESOLVED: [{ code: "HOLD_ALREADY_RESOLVED", state: "expired", resolvedAt: time }, "expired", time],
  CAPTURE_EXCEEDS_HOLD: [{ code: "CAPTURE_EXCEEDS_HOLD", amount: 82, held: 71 }, "82", "71"],
  REFUND_EXCEEDS_CHARGE: [{ code: "REFUND_EXCEEDS_CHARGE", charged: 100, refunded: 29, amount: 82 }, "82", "71"],
  NOT_REFUNDABLE: [{ code: "NOT_REFUNDABLE", kind: "grant" }, "grant"],
  PARAMS_NOT_PRICED: [{ code: "PARAMS_NOT_PRICED", path: "seconds", allowed: ["5", "10"] }, "seconds", "5, 10"],
  QUOTE_EXPIRED: [{ code: "QUOTE_EXPIRED", expiredAt: time }, time],
  TOO_SOON: [{ code: "TOO_SOON", earliest: time }, time],
  ALREADY_PUBLISHED: [{ code: "ALREADY_PUBLISHED", state: "withdrawn" }, "withdrawn"],
  BALANCE_LIMIT: [{ code: "BALANCE_LIMIT", balance: 3, limit: 71 }, "71"],
};

describe("the message of a refusal", () => {
  test.each(Object.values(samples).map(([refusal, ...values]) => ({ code: refusal.code, refusal, values })))(
    "the message of $code says $values in both languages, and ends without a period",
    ({ refusal, values }) => {
      for (const language of languages) {
        const message = refusalMessage(refusal, language);
        for (const value of values) expect(message).toContain(value);
        expect(message).not.toMatch(/[.。]$|undefined|retryAfterSeconds|limitBytes/);
      }
    },
  );

  test("a refusal without fields has the text of the table", () => {
    expect(refusalMessage({ code: "NOT_FOUND" }, "zh")).toBe(refusals.NOT_FOUND.zh);
    expect(refusalMessage({ code: "MALFORMED_JSON" }, "en")).toBe(refusals.MALFORMED_JSON.en);
    expect(refusalMessage({ code: "VALIDATION_FAILED", issues: [] }, "en")).toBe(refusals.VALIDATION_FAILED.en);
  });

  test.each<{ refusal: Refusal<"FORBIDDEN">; zh: string; en: string }>([
    {
      refusal: { code: "FORBIDDEN", missing: "role", roles: ["finance", "admin"], scope: "admin" },
      zh: "需要角色 finance 或 admin 的用户",
      en: "The user needs the role finance or admin",
    },
    {
      refusal: { code: "FORBIDDEN", missing: "person", roles: ["admin"], scope: null },
      zh: "服务密钥不能执行此操作，请由用户本人登录后操作",
      en: "No service key can do this; a user must log in to do it",
    },
    {
      refusal: { code: "FORBIDDEN", roles: ["admin"], scope: null },
      zh: "只有登录的 admin 可以执行此操作，服务密钥不能",
      en: "Only a user with the role admin can do this, no service key",
    },
    {
      refusal: { code: "FORBIDDEN" },
      zh: "预扣只能由创建它的用户本人，或同一所有者的服务密钥处理",
      en: "A hold can be resolved only by the user in person, or by the service keys of the owner, that created it",
    },
  ])("$refusal names one cause: $en", ({ refusal, zh, en }) => {
    expect([refusalMessage(refusal, "zh"), refusalMessage(refusal, "en")]).toEqual([zh, en]);
  });

  test("a long name of a field does not make the message long", () => {
    const long = refusalMessage({ code: "VALIDATION_FAILED", issues: [issue("x".repeat(100_000))] }, "en");
    expect(long.length).toBeLessThan(500);
  });
});
