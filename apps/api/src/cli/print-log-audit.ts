import type { Database } from "@jifen/database";
import { auditLogs, type LogAuditReport } from "../modules/logs/audit/audit-logs.ts";
import type { LogDifference } from "../modules/logs/audit/log-difference.ts";
import { t } from "./language.ts";
import { print } from "./print.ts";
import { startProgress } from "./progress.ts";

/** How many differences are printed. */
const MAX_LINES = 100;

/** Audits the call log and prints the result. The exit code is 1 when there are differences. */
export async function printLogAudit(database: Database, json: boolean): Promise<void> {
  const progress = startProgress({ total: undefined, what: t({ en: "users and accounts", zh: "个用户和账户" }) });
  const report = await auditLogs({ database, onOwner: () => progress.advance() });
  progress.stop();
  print(json, report, toText(report));
  if (report.differences.length > 0) process.exitCode = 1;
}

function toText({ users, logs, accounts, comparedFrom, differences }: LogAuditReport): string {
  const removed =
    comparedFrom === null
      ? ""
      : t({
          en: `; logs before ${comparedFrom} are removed, their sums are not compared`,
          zh: `；${comparedFrom} 之前的日志已删除，其汇总不再核对`,
        });
  const audited = t({
    en: `${logs} logs of ${users} users, ${accounts} accounts`,
    zh: `${users} 个用户的 ${logs} 条日志，${accounts} 个账户`,
  });
  const scope = `${audited}${removed}`;
  if (differences.length === 0) return `${t({ en: "The sums are consistent: ", zh: "汇总一致：" })}${scope}`;
  const lines = differences.slice(0, MAX_LINES).map(toLine);
  const more = differences.length > MAX_LINES ? ["…"] : [];
  return [...lines, ...more, `${differences.length}${t({ en: " differences: ", zh: " 处差异：" })}${scope}`].join("\n");
}

const toLine = ({ kind, owner, where, expected, found }: LogDifference): string =>
  `${[kind, owner, where].filter(Boolean).join(" ")}: ${t({
    en: `expected ${expected}, found ${found}`,
    zh: `应为 ${expected}，实为 ${found}`,
  })}`;
