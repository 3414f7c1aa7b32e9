import { operations } from "@jifen/contract";
import { userId } from "@jifen/core";
import { defineCommand } from "citty";
import { noteTransaction } from "../modules/audit/note-transaction.ts";
import { grantCommand } from "../modules/credits/admin/grant-command.ts";
import { openLedger } from "../modules/credits/open-ledger.ts";
import { t } from "./language.ts";
import { createOperator } from "./operator.ts";
import { jsonArgument, parseInput, print, printError, printRefusal } from "./print.ts";
import { withDatabase } from "./with-database.ts";

/** `jifen grant`: gives credits, beside a running server or without one. */
export const grant = defineCommand({
  meta: { name: "grant", description: t({ en: "Gives credits to a user.", zh: "给用户发放积分。" }) },
  args: {
    email: { type: "positional", description: t({ en: "E-mail address.", zh: "邮箱。" }), required: true },
    amount: {
      type: "positional",
      description: t({ en: "Whole credits.", zh: "积分数量（整数）。" }),
      required: true,
    },
    reason: {
      type: "string",
      description: t({ en: "Why; it is written down.", zh: "原因，写入流水和审计日志。" }),
      required: true,
    },
    source: {
      type: "string",
      description: t({ en: "Such as purchase or promo.", zh: "来源，例如 purchase 或 promo。" }),
      default: "admin",
    },
    "expires-at": {
      type: "string",
      description: t({ en: "ISO 8601; never when left out.", zh: "到期时间（ISO 8601），不填则永不到期。" }),
    },
    key: {
      type: "string",
      description: t({ en: "Idempotency key: the same one gives once.", zh: "幂等键，相同的键只发放一次。" }),
    },
    json: jsonArgument,
  },
  run: ({ args: { email, amount, reason, source, "expires-at": expiresAt, key, json } }) =>
    withDatabase(async (database, settings) => {
      const typed = { userId: email, amount: Number(amount), reason, source };
      const optional = {
        ...(expiresAt !== undefined && { expiresAt }),
        ...(key !== undefined && { idempotencyKey: key }),
      };
      const input = parseInput(operations.admin.grant.input, { ...typed, ...optional });
      if (!input) return;
      const user = await database.users.find(userId(input.userId));
      if (!user || user.deletedAtMs !== null) return printRefusal({ code: "USER_NOT_FOUND" });
      const operator = createOperator(database, settings);
      const outcome = await openLedger(database, operator.newId).grant(grantCommand(operator, user.id, input));
      if (!outcome.ok) {
        const { refusal } = outcome;
        return refusal.code === "EXPIRY_PASSED"
          ? printError(`expiresAt: ${t({ en: "must be in the future", zh: "必须晚于现在" })}`)
          : printRefusal(refusal);
      }
      const { entry, replayed } = outcome.value;
      await noteTransaction(operator, { action: "credits.grant", reason: input.reason, by: operator.by, entry });
      const { id: transactionId, balanceAfter: balance } = entry;
      const given = t({ en: `Gave ${input.amount} to ${user.id}.`, zh: `已向 ${user.id} 发放 ${input.amount}。` });
      const words = replayed ? t({ en: "It had been given before.", zh: "此前已发放。" }) : given;
      const after = t({ en: ` Balance: ${balance} (${transactionId})`, zh: `余额：${balance}（${transactionId}）` });
      print(json, { transactionId, replayed, balance }, `${words}${after}`);
    }),
});
