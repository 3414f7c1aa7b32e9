import { operations } from "@jifen/contract";
import { grantSources } from "@jifen/core";
import { defineCommand } from "citty";
import { openLedger } from "../modules/credits/open-ledger.ts";
import { grantCredits } from "../modules/credits/use-cases/grant-credits.ts";
import { t } from "./language.ts";
import { createOperator } from "./operator.ts";
import { jsonArgument, parseInput, print, printRefusal } from "./print.ts";
import { wholeNumber } from "./whole-number.ts";
import { withDatabase } from "./with-database.ts";

/** `jifen grant`: grants credits; the server may be running or not. */
export const grant = defineCommand({
  meta: { name: "grant", description: t({ en: "Grants credits to a user.", zh: "给用户发放积分。" }) },
  args: {
    email: { type: "positional", description: t({ en: "E-mail address.", zh: "邮箱。" }), required: true },
    amount: {
      type: "positional",
      description: t({ en: "Whole credits.", zh: "积分数量（整数）。" }),
      required: true,
    },
    reason: {
      type: "string",
      description: t({
        en: "Why; recorded in the ledger and in the audit log.",
        zh: "原因，写入流水和审计日志。",
      }),
      required: true,
    },
    source: {
      type: "string",
      description: t({
        en: `Where the credits come from: ${grantSources.join(", ")}.`,
        zh: `来源：${grantSources.join("、")}。`,
      }),
      default: "admin",
    },
    "expires-at": {
      type: "string",
      description: t({
        en: "ISO 8601; without it the grant never expires.",
        zh: "到期时间（ISO 8601），不填则永不到期。",
      }),
    },
    key: {
      type: "string",
      description: t({
        en: "Idempotency key: a repeated key grants once.",
        zh: "幂等键，相同的键只发放一次。",
      }),
    },
    json: jsonArgument,
  },
  run: ({ args: { email, amount, reason, source, "expires-at": expiresAt, key, json } }) => {
    const input = parseInput(operations.admin.grant.input, {
      userId: email,
      amount: wholeNumber(amount),
      reason,
      source,
      ...(expiresAt !== undefined && { expiresAt }),
      ...(key !== undefined && { idempotencyKey: key }),
    });
    if (!input) return;
    return withDatabase(async (database, settings) => {
      const operator = createOperator(database, settings);
      const ledger = openLedger(database, operator.newId);
      const deps = { ...operator, ledger, grantLimits: database, isSelfGrantAllowed: true };
      const granted = await grantCredits(deps, input, operator.by);
      if (!granted.ok) return printRefusal(granted.refusal);
      const { transactionId, balance, replayed } = granted.value;
      const done = replayed
        ? t({ en: "This key was used before: nothing was granted now.", zh: "该幂等键此前已发放，本次未重复发放。" })
        : t({ en: `Granted ${input.amount} to ${input.userId}.`, zh: `已向 ${input.userId} 发放 ${input.amount}。` });
      const after = t({ en: ` Balance: ${balance} (${transactionId})`, zh: `余额：${balance}（${transactionId}）` });
      print(json, granted.value, `${done}${after}`);
    });
  },
});
