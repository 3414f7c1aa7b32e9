import { normaliseEmail } from "@jifen/contract";
import { type AccountId, accountId, accountOf, userId } from "@jifen/core";
import { type Difference, differenceKinds } from "@jifen/ledger";
import { defineCommand } from "citty";
import { type AuditReport, runAudit } from "../modules/audit/use-cases/run-audit.ts";
import { t } from "./language.ts";
import { createOperator } from "./operator.ts";
import { printError } from "./print.ts";
import { startProgress } from "./progress.ts";
import { withDatabase } from "./with-database.ts";

/** `jifen audit`: exit code 0 when the books are right, 1 when they are not. */
export const audit = defineCommand({
  meta: {
    name: "audit",
    description: t({
      en: "Recomputes every account from its journal and lists each difference.",
      zh: "按流水重新核算每个账户，列出差异。",
    }),
  },
  args: {
    account: {
      type: "string",
      description: t({
        en: "Only this one, such as user:ann@example.com.",
        zh: "只核对一个账户，例如 user:ann@example.com。",
      }),
      valueHint: "user:EMAIL",
    },
    json: {
      type: "boolean",
      description: t({ en: "Prints the result as JSON, for programs.", zh: "以 JSON 输出结果。" }),
      default: false,
    },
  },
  run: ({ args }) =>
    withDatabase(async (database, settings) => {
      const only = args.account === undefined ? undefined : accountNamed(args.account);
      const total = only === undefined ? await database.audit.countAccounts() : 1;
      if (total === 0) return sayEmpty();
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
      if (report.transactions === 0 && only !== undefined) return sayNoAccount(only);
      process.stdout.write(args.json ? `${JSON.stringify(report, null, 2)}\n` : toText(report));
      process.exitCode = report.differences.length === 0 ? 0 : 1;
    }),
});

/** An account's id, or the address of the user whose it is. */
const accountNamed = (text: string): AccountId =>
  text.startsWith("user:") ? accountId(text) : accountOf(userId(normaliseEmail(text)));

function sayNoAccount(id: AccountId): void {
  printError(t({ en: `There is no account ${id}.`, zh: `没有账户 ${id}。` }));
}

/** More likely another database than the one that was meant. */
function sayEmpty(): void {
  printError(
    t({
      en: "There are no accounts in this database: is DATABASE_URL right?",
      zh: "该数据库中没有账户，请检查 DATABASE_URL。",
    }),
  );
}

function toText({ accounts, transactions, differences, startedAtMs, finishedAtMs }: AuditReport): string {
  const seconds = ((finishedAtMs - startedAtMs) / 1_000).toFixed(1);
  const read = t({
    en: `${accounts} accounts, ${transactions} transactions, ${seconds} s`,
    zh: `${accounts} 个账户，${transactions} 条流水，${seconds} 秒`,
  });
  if (differences.length === 0) return `${t({ en: "The books are right: ", zh: "账目一致：" })}${read}\n`;
  const lines = differences.map(toLine).join("\n");
  return `${lines}\n${differences.length}${t({ en: " differences: ", zh: " 处差异：" })}${read}\n`;
}

function toLine({ accountId: account, kind, referenceId, expected, found }: Difference): string {
  const where = referenceId === null ? account : `${account} ${referenceId}`;
  const both = t({ en: `expected ${expected}, found ${found}`, zh: `应为 ${expected}，实为 ${found}` });
  return `${kind} ${where}: ${both} (${differenceKinds[kind]})`;
}
