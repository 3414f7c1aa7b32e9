import { resolve } from "node:path";
import type { Database, TableSummary } from "@jifen/database";
import { defineCommand } from "citty";
import { type AuditReport, runAudit } from "../modules/audit/use-cases/run-audit.ts";
import { compareWith, isSame, runImport, type TableComparison } from "../modules/transfer/run-import.ts";
import { fileSource, fromDatabase, type Source } from "../modules/transfer/sources.ts";
import { TransferError } from "../modules/transfer/transfer-error.ts";
import { t } from "./language.ts";
import { createOperator } from "./operator.ts";
import { jsonArgument, print } from "./print.ts";
import { type Progress, startProgress } from "./progress.ts";
import { type CommandSettings, sourceDatabaseUrl, withImportTarget } from "./with-database.ts";

/** A scheme; a single letter is a drive of Windows. */
const URL_LIKE = /^[a-z][a-z0-9+.-]+:/i;

/** `jifen import SOURCE`: fills an empty database, and compares both sides; exit code 1 on any difference. */
export const importCommand = defineCommand({
  meta: {
    name: "import",
    description: t({
      en: "Fills the empty database DATABASE_URL from an export or from another database, then compares both and checks the books. Interrupted, it goes on where it stopped when it is run again.",
      zh: "将导出文件或另一个数据库的全部数据导入空数据库 DATABASE_URL，随后比对并核账；中断后重新运行即可继续。",
    }),
  },
  args: {
    source: {
      type: "positional",
      description: t({
        en: "A file that jifen export wrote, or the URL of a database; SOURCE_DATABASE_URL when left out.",
        zh: "导出文件或来源数据库的 URL，省略时读取 SOURCE_DATABASE_URL。",
      }),
      required: false,
    },
    json: jsonArgument,
  },
  run: ({ args: { source = sourceDatabaseUrl(), json } }) =>
    withImportTarget(async ({ database, isBegun }, settings) => {
      const fill = (from: Source) =>
        withProgress(from.total, t({ en: "rows", zh: "行" }), (progress) =>
          runImport({ target: database, isBegun, pages: from.pages, onRows: (count) => progress.advance(count) }),
        );
      const came = await fromSource(source, settings, fill);
      const comparison = await compareWith(came, database.tableCopier);
      const isWhole = comparison.every(isSame);
      if (isWhole) await database.tableCopier.setUnfinished(false);
      const audit = isWhole ? await auditOf(database, settings) : undefined;
      const ok = isWhole && audit?.differences.length === 0;
      print(json, { ok, tables: comparison, audit: audit ?? null }, toText(comparison, audit));
      if (!ok) process.exitCode = 1;
    }),
});

async function fromSource(
  source: string | undefined,
  { databaseUrl }: CommandSettings,
  fill: (from: Source) => Promise<ReadonlyMap<string, TableSummary>>,
): Promise<ReadonlyMap<string, TableSummary>> {
  if (source === undefined || source === "") {
    throw new TransferError(
      "Name a file that jifen export wrote, or the URL of a database. 请指定导出文件或来源数据库的 URL。",
    );
  }
  if (source === databaseUrl) {
    throw new TransferError(
      "Source and target are the same database: DATABASE_URL names the target. 来源与目标是同一个数据库，DATABASE_URL 应指向目标。",
    );
  }
  if (URL_LIKE.test(source)) return fromDatabase(source, fill);
  const checked = await withProgress(undefined, t({ en: "rows checked", zh: "行已校验" }), (progress) =>
    fileSource(resolve(source), (count) => progress.advance(count)),
  );
  return fill(checked);
}

async function withProgress<Result>(
  total: number | undefined,
  what: string,
  work: (progress: Progress) => Promise<Result>,
): Promise<Result> {
  const progress = startProgress({ total, what });
  try {
    return await work(progress);
  } finally {
    progress.stop();
  }
}

async function auditOf(database: Database, settings: CommandSettings): Promise<AuditReport> {
  const { nowMs, newId } = createOperator(database, settings);
  const total = await database.audit.countAccounts();
  return withProgress(total, t({ en: "accounts", zh: "个账户" }), (progress) =>
    runAudit({ database, nowMs, id: newId("audit"), accountId: undefined, onAccount: () => progress.advance() }),
  );
}

function toText(comparison: readonly TableComparison[], audit: AuditReport | undefined): string {
  const lines = comparison.map((each) => {
    const { table, from, to } = each;
    if (isSame(each)) return `  ✓ ${table}: ${to.rows}`;
    const differ = t({
      en: `${from.rows} rows came, ${to.rows} are there, or they differ`,
      zh: `来源 ${from.rows} 行，目标 ${to.rows} 行，内容不一致`,
    });
    return `  ✗ ${table}: ${differ}`;
  });
  const verdict = audit
    ? `${t({ en: "Both sides are the same. ", zh: "两侧数据一致。" })}${booksOf(audit)}`
    : t({
        en: "The sides differ: nobody can open this database. Begin with an empty one.",
        zh: "两侧数据不一致，该数据库不可用，请改用空数据库重新导入。",
      });
  return `${lines.join("\n")}\n${verdict}`;
}

const booksOf = ({ differences, accounts, transactions }: AuditReport): string =>
  differences.length === 0
    ? t({
        en: `The books are right: ${accounts} accounts, ${transactions} transactions`,
        zh: `账目一致：${accounts} 个账户，${transactions} 条流水`,
      })
    : t({
        en: `${differences.length} differences in the books, as in the source: jifen audit lists them`,
        zh: `账目有 ${differences.length} 处差异（来源即如此），请运行 jifen audit 查看。`,
      });
