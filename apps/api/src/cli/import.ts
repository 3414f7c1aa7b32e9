import { resolve } from "node:path";
import { defineCommand } from "citty";
import type { AuditReport } from "../modules/audit/use-cases/run-audit.ts";
import { exportFile } from "../modules/transfer/export-file.ts";
import { databaseSource, fileSource, type Source } from "../modules/transfer/sources.ts";
import { TransferError } from "../modules/transfer/transfer-error.ts";
import { type ImportReport, importDatabase, isSame } from "../modules/transfer/use-cases/import-database.ts";
import { t } from "./language.ts";
import { createOperator } from "./operator.ts";
import { jsonArgument, print, printError } from "./print.ts";
import { startProgress } from "./progress.ts";
import { type CommandSettings, sourceDatabaseUrl, withImportTarget } from "./with-database.ts";

/** A URL scheme; a single letter is a Windows drive. */
const URL_SCHEME = /^[a-z][a-z0-9+.-]+:/i;

/** `jifen import SOURCE`: imports into an empty database and compares both sides; exit code 1 for any difference. */
export const importCommand = defineCommand({
  meta: {
    name: "import",
    description: t({
      en: "Imports an export or another database into the empty database DATABASE_URL, compares both and audits the ledger. An interrupted import continues when it is run again.",
      zh: "将导出文件或另一个数据库的全部数据导入空数据库 DATABASE_URL，随后比对并核账；中断后重新运行即可继续。",
    }),
  },
  args: {
    source: {
      type: "positional",
      description: t({
        en: "A file that jifen export wrote, or the URL of a database. Default: SOURCE_DATABASE_URL.",
        zh: "导出文件或来源数据库的 URL，省略时读取 SOURCE_DATABASE_URL。",
      }),
      required: false,
    },
    json: jsonArgument,
  },
  run: ({ args: { source: from = sourceDatabaseUrl(), json } }) => {
    if (from === undefined || from === "") return printError(t(sourceMissing));
    return withImportTarget(async ({ database, isBegun }, settings) => {
      const { nowMs, newId } = createOperator(database, settings);
      const texts = { rows: t({ en: "rows", zh: "行" }), accounts: t({ en: "accounts", zh: "个账户" }) };
      const { source, stop } = openSource(from, settings);
      const report = await importDatabase({
        source,
        target: database,
        isBegun,
        auditId: newId("audit"),
        nowMs,
        startProgress: ({ total, what }) => startProgress({ total, what: texts[what] }),
      }).finally(stop);
      print(json, report, toText(report));
      if (!report.ok) process.exitCode = 1;
    });
  },
});

const sourceMissing = {
  en: "The source is missing: name a file that jifen export wrote, or the URL of a database.",
  zh: "请指定导出文件或来源数据库的 URL。",
};

/** The source that the argument names. `stop` ends its progress bar. */
function openSource(
  from: string,
  { databaseUrl }: CommandSettings,
): { readonly source: Source; readonly stop: () => void } {
  if (from === databaseUrl) {
    throw new TransferError(
      "Source and target are the same database: set DATABASE_URL to the target. 来源与目标是同一个数据库，DATABASE_URL 应指向目标。",
    );
  }
  if (URL_SCHEME.test(from)) return { source: databaseSource(from), stop: () => undefined };
  const progress = startProgress({ total: undefined, what: t({ en: "rows checked", zh: "行已校验" }) });
  return { source: fileSource(exportFile(resolve(from)), (count) => progress.advance(count)), stop: progress.stop };
}

function toText({ tables, audit }: ImportReport): string {
  const lines = tables.map((each) => {
    const { table, from, to } = each;
    if (isSame(each)) return `  ✓ ${table}: ${to.rows}`;
    const difference = t({
      en: `${from.rows} rows in the source, ${to.rows} in the target, or their contents differ`,
      zh: `来源 ${from.rows} 行，目标 ${to.rows} 行，内容不一致`,
    });
    return `  ✗ ${table}: ${difference}`;
  });
  const verdict = audit
    ? `${t({ en: "Source and target are the same. ", zh: "两侧数据一致。" })}${toVerdict(audit)}`
    : t({
        en: "Source and target differ: no server opens this database. Start again with an empty one.",
        zh: "两侧数据不一致，该数据库不可用，请改用空数据库重新导入。",
      });
  return `${lines.join("\n")}\n${verdict}`;
}

const toVerdict = ({ differences, accounts, transactions }: AuditReport): string =>
  differences.length === 0
    ? t({
        en: `The ledger is consistent: ${accounts} accounts, ${transactions} transactions`,
        zh: `账目一致：${accounts} 个账户，${transactions} 条流水`,
      })
    : t({
        en: `The ledger has ${differences.length} differences, as in the source: jifen audit lists them`,
        zh: `账目有 ${differences.length} 处差异（来源即如此），请运行 jifen audit 查看。`,
      });
