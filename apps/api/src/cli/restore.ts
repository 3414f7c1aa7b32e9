import { resolve } from "node:path";
import { defineCommand } from "citty";
import { type RestoreReport, restoreBackup } from "../modules/transfer/use-cases/restore-backup.ts";
import { reportStartupError } from "../start/report-startup-error.ts";
import { createIds } from "../values/ids.ts";
import { holdingsText } from "./backup.ts";
import { t } from "./language.ts";
import { jsonArgument, print } from "./print.ts";
import { startProgress } from "./progress.ts";
import { commandSettings } from "./with-database.ts";

/** `jifen restore FILE`: restores a backup into an empty database; exit code 1 for any difference. */
export const restore = defineCommand({
  meta: {
    name: "restore",
    description: t({
      en: "Restores a backup into the empty database DATABASE_URL, migrates it and audits the ledger. A damaged backup is refused before anything is changed.",
      zh: "将备份恢复到空数据库 DATABASE_URL，升级结构并核账；备份损坏时不做任何更改。",
    }),
  },
  args: {
    file: {
      type: "positional",
      description: t({ en: "A file that jifen backup wrote.", zh: "jifen backup 写出的文件。" }),
      required: true,
    },
    json: jsonArgument,
  },
  run: ({ args: { file, json } }) =>
    reportStartupError(async () => {
      const path = resolve(file);
      const texts = {
        rows: t({ en: "rows", zh: "行" }),
        accounts: t({ en: "accounts", zh: "个账户" }),
        bytes: t({ en: "bytes checked", zh: "字节已校验" }),
      };
      const report = await restoreBackup({
        url: commandSettings().databaseUrl,
        path,
        newId: createIds(Date.now),
        nowMs: Date.now,
        startProgress: ({ total, what }) => startProgress({ total, what: texts[what] }),
      });
      print(json, { file: path, ...report }, toText(path, report));
      if (!report.ok) process.exitCode = 1;
    }),
});

function toText(path: string, { header, ok, restored, audit }: RestoreReport): string {
  const differences = audit?.differences.length ?? 0;
  const verdict = ok
    ? t({
        en: "The ledger is consistent, and everything that the backup counted is there.",
        zh: "账目一致，备份中统计的数据均已恢复。",
      })
    : t({
        en: `The database differs from the backup, or its ledger has differences (${differences}): run jifen audit.`,
        zh: `数据与备份不一致，或账目有差异（${differences} 处），请运行 jifen audit。`,
      });
  return [
    t({ en: `Restored ${path}, made ${header.createdAt}:`, zh: `已恢复 ${path}（备份于 ${header.createdAt}）：` }),
    `  ${holdingsText(restored)}`,
    verdict,
  ].join("\n");
}
