import { normaliseUserId } from "@jifen/contract";
import { type AccountId, accountId, accountOf, userId } from "@jifen/core";
import { defineCommand } from "citty";
import {
  type AuditDifference,
  type AuditReport,
  auditDifferenceKinds,
  runAudit,
} from "../modules/audit/use-cases/run-audit.ts";
import { t } from "./language.ts";
import { createOperator } from "./operator.ts";
import { jsonArgument, print, printError } from "./print.ts";
import { printLogAudit } from "./print-log-audit.ts";
import { startProgress } from "./progress.ts";
import { withDatabase } from "./with-database.ts";

/** `jifen audit`: exit code 0 when the ledger is consistent, 1 when it is not. */
export const audit = defineCommand({
  meta: {
    name: "audit",
    description: t({
      en: "Recomputes every account from its transactions and lists each difference.",
      zh: "按流水重新核算每个账户，列出差异。",
    }),
  },
  args: {
    account: {
      type: "string",
      description: t({
        en: "Audits only this account, such as user:ann@example.com.",
        zh: "只核对一个账户，例如 user:ann@example.com。",
      }),
      valueHint: "user:EMAIL",
    },
    logs: {
      type: "boolean",
      description: t({
        en: "Audits the call log instead: its sums, its keys, and the sums of credits.",
        zh: "改为核对调用日志：汇总、幂等键以及积分汇总。",
      }),
      default: false,
    },
    json: jsonArgument,
  },
  run: ({ args }) =>
    withDatabase(async (database, settings) => {
      if (args.logs) return printLogAudit(database, args.json);
      const only = args.account === undefined ? undefined : toAccountId(args.account);
      const total = only === undefined ? await database.audit.countAccounts() : 1;
      if (total === 0) return printNoAccounts();
      const progress = startProgress({ total, what: t({ en: "accounts", zh: "个账户" }) });
      const { nowMs, newId } = createOperator(database, settings);
      const report = await runAudit({
        database,
        nowMs,
        id: newId("audit"),
        accountId: only,
        onAccount: () => progress.advance(),
      });
      progress.stop();
      if (report.transactions === 0 && only !== undefined) return printNoAccount(only);
      print(args.json, report, toText(report));
      process.exitCode = report.differences.length === 0 ? 0 : 1;
    }),
});

/** Accepts an account id, or the e-mail address of its user. */
const toAccountId = (text: string): AccountId =>
  text.startsWith("user:") ? accountId(text) : accountOf(userId(normaliseUserId(text)));

function printNoAccount(id: AccountId): void {
  printError(t({ en: `There is no account ${id}.`, zh: `没有账户 ${id}。` }));
}

/** Most likely DATABASE_URL names another database than intended. */
function printNoAccounts(): void {
  printError(
    t({
      en: "There are no accounts in this database: check DATABASE_URL.",
      zh: "该数据库中没有账户，请检查 DATABASE_URL。",
    }),
  );
}

function toText({ accounts, transactions, differences, startedAtMs, finishedAtMs }: AuditReport): string {
  const seconds = ((finishedAtMs - startedAtMs) / 1_000).toFixed(1);
  const scope = t({
    en: `${accounts} accounts, ${transactions} transactions, ${seconds} s`,
    zh: `${accounts} 个账户，${transactions} 条流水，${seconds} 秒`,
  });
  if (differences.length === 0) return `${t({ en: "The ledger is consistent: ", zh: "账目一致：" })}${scope}`;
  const lines = differences.map(toLine).join("\n");
  return `${lines}\n${differences.length}${t({ en: " differences: ", zh: " 处差异：" })}${scope}`;
}

function toLine({ accountId: account, kind, referenceId, expected, found }: AuditDifference): string {
  const where = [account, referenceId].filter((each) => each !== null).join(" ");
  const values = t({ en: `expected ${expected}, found ${found}`, zh: `应为 ${expected}，实为 ${found}` });
  return `${kind} ${where}: ${values} (${auditDifferenceKinds[kind]})`;
}
