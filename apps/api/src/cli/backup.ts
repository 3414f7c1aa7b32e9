import { resolve } from "node:path";
import type { Holdings } from "@jifen/database";
import { defineCommand } from "citty";
import { type BackupReport, backUpDatabase } from "../modules/transfer/use-cases/backup-database.ts";
import { reportStartupError } from "../start/report-startup-error.ts";
import { isoTime } from "../values/iso-time.ts";
import { t } from "./language.ts";
import { jsonArgument, print } from "./print.ts";
import { startProgress } from "./progress.ts";
import { commandSettings } from "./with-database.ts";

/** `jifen backup FILE`: writes a consistent copy of the database to one file while the server runs. */
export const backup = defineCommand({
  meta: {
    name: "backup",
    description: t({
      en: "Backs up the database to one file while the server runs. The file contains password hashes and webhook secrets: keep it secret. It does not contain the settings (.env).",
      zh: "在服务运行时将数据库备份到一个文件（含密码哈希和 Webhook 密钥，请妥善保管；不含 .env 配置）。",
    }),
  },
  args: {
    file: {
      type: "positional",
      description: t({ en: "A new file, such as jifen-2026-01-01.tar.", zh: "新文件名，例如 jifen-2026-01-01.tar。" }),
      required: true,
    },
    force: {
      type: "boolean",
      description: t({ en: "Replaces the file if it exists.", zh: "文件已存在时覆盖。" }),
      default: false,
    },
    json: jsonArgument,
  },
  run: ({ args: { file, force, json } }) =>
    reportStartupError(async () => {
      const path = resolve(file);
      const progress = startProgress({ total: undefined, what: t({ en: "bytes read", zh: "字节已读取" }) });
      const report = await backUpDatabase({
        url: commandSettings().databaseUrl,
        path,
        replaces: force,
        createdAt: isoTime(Date.now()),
        onBytes: (count) => progress.advance(count),
      }).finally(() => progress.stop());
      const { header, bytes } = report;
      print(json, { file: path, bytes, ...header }, toText(path, report));
    }),
});

/** What a backup or a database holds, in one line. */
export const holdingsText = ({ users, accounts, transactions, credits, logs }: Holdings): string =>
  t({
    en: `${users} users, ${accounts} accounts, ${transactions} transactions, ${credits} credits, ${logs} logs`,
    zh: `${users} 个用户，${accounts} 个账户，${transactions} 条流水，${credits} 积分，${logs} 条日志`,
  });

function toText(path: string, { header, bytes, exportedBecause }: BackupReport): string {
  const { createdAt, database, databaseVersion, tables, by, holdings } = header;
  const size = `${(bytes / 1_000_000).toFixed(1)} MB`;
  const because = exportedBecause && t({ en: ` (${exportedBecause.en})`, zh: `（${exportedBecause.zh}）` });
  return [
    t({ en: `Backed up to ${path}, ${size}, ${createdAt}:`, zh: `已备份到 ${path}，${size}，${createdAt}：` }),
    `  ${database} ${databaseVersion}, ${t({ en: "tables of version", zh: "结构版本" })} ${tables}, ${by}${because ?? ""}`,
    `  ${holdingsText(holdings)}`,
    t({
      en: "Not in it: the settings (.env) with JWT_SECRET and the keys of payment channels. Keep a copy of them in another place.",
      zh: "不包含：配置（.env），包括 JWT_SECRET 和支付渠道密钥，请另行保存。",
    }),
    t({
      en: `To restore it, set DATABASE_URL to an empty database and run: jifen restore ${path}`,
      zh: `恢复方法：将 DATABASE_URL 指向空数据库，运行 jifen restore ${path}`,
    }),
  ].join("\n");
}
