import { operations } from "@jifen/contract";
import { userId } from "@jifen/ledger";
import { defineCommand } from "citty";
import { grantCommand } from "../admin/grant-command.ts";
import { noteTransaction } from "../audit-log/note-transaction.ts";
import { openLedger } from "../open-ledger.ts";
import { createOperator } from "./operator.ts";
import { checked, jsonArgument, say, sayRefused, sayWrong } from "./say.ts";
import { withDatabase } from "./with-database.ts";

/** `jifen grant`: gives credits, beside a running server or without one. */
export const grant = defineCommand({
  meta: { name: "grant", description: "Gives credits to a user. 给用户发放积分。" },
  args: {
    email: { type: "positional", description: "E-mail address. 邮箱。", required: true },
    amount: { type: "positional", description: "Whole credits. 积分数量（整数）。", required: true },
    reason: { type: "string", description: "Why; it is written down. 原因，写入流水和审计日志。", required: true },
    source: { type: "string", description: "Such as purchase or promo. 来源。", default: "admin" },
    "expires-at": { type: "string", description: "ISO 8601; never when left out. 到期时间。" },
    key: { type: "string", description: "Idempotency key: the same one gives once. 幂等键，相同的键只发放一次。" },
    json: jsonArgument,
  },
  run: ({ args: { email, amount, reason, source, "expires-at": expiresAt, key, json } }) =>
    withDatabase(async (database, settings) => {
      const typed = { userId: email, amount: Number(amount), reason, source };
      const optional = {
        ...(expiresAt !== undefined && { expiresAt }),
        ...(key !== undefined && { idempotencyKey: key }),
      };
      const input = checked(operations.admin.grant.input, { ...typed, ...optional });
      if (!input) return;
      const user = await database.users.find(userId(input.userId));
      if (!user || user.deletedAtMs !== null) return sayRefused({ code: "USER_NOT_FOUND" });
      const operator = createOperator(database, settings);
      const outcome = await openLedger(database, operator.newId).grant(grantCommand(operator, user.id, input));
      if (!outcome.ok) {
        const { refusal } = outcome;
        return refusal.code === "EXPIRY_PASSED"
          ? sayWrong("expiresAt: must be in the future. 必须晚于现在。")
          : sayRefused(refusal);
      }
      const { transaction, replayed } = outcome.value;
      await noteTransaction(operator, { action: "credits.grant", reason: input.reason, by: operator.by, transaction });
      const { id: transactionId, balanceAfter: balance } = transaction;
      const words = replayed ? "It had been given before. 此前已发放。" : `Gave ${input.amount} to ${user.id} 已发放。`;
      say(json, { transactionId, replayed, balance }, `${words} Balance 余额: ${balance} (${transactionId})`);
    }),
});
