import { resolve } from "node:path";
import { defineCommand } from "citty";
import { FORMAT_VERSION } from "../modules/transfer/file-format.ts";
import { countRows } from "../modules/transfer/sources.ts";
import { writeExport } from "../modules/transfer/write-export.ts";
import { isoTime } from "../values/iso-time.ts";
import { version } from "../version.ts";
import { t } from "./language.ts";
import { jsonArgument, print } from "./print.ts";
import { startProgress } from "./progress.ts";
import { withDatabase } from "./with-database.ts";

/** `jifen export FILE`: everything as of one moment, while the server goes on. */
export const exportCommand = defineCommand({
  meta: {
    name: "export",
    description: t({
      en: "Writes everything into a file: users, credits, logs, keys. It holds password hashes: keep it safe.",
      zh: "导出全部数据到文件（含密码哈希，请妥善保管）。",
    }),
  },
  args: {
    file: {
      type: "positional",
      description: t({ en: "A new file, such as jifen.ndjson.gz.", zh: "新文件名。" }),
      required: true,
    },
    json: jsonArgument,
  },
  run: ({ args: { file, json } }) =>
    withDatabase(async (database) => {
      const path = resolve(file);
      const progress = startProgress({ total: await countRows(database), what: t({ en: "rows", zh: "行" }) });
      const exportedAt = isoTime(Date.now());
      const from = { jifen: version, exportedAt, database: database.kind };
      const header = { format: "jifen-export", version: FORMAT_VERSION, ...from } as const;
      const onRows = (count: number) => progress.advance(count);
      const tables = await writeExport({ database, header, path, onRows }).finally(() => progress.stop());
      const lines = Object.entries(tables).map(([name, { rows }]) => `  ${name}: ${rows}\n`);
      print(
        json,
        { file: path, exportedAt, tables },
        `${t({ en: `Wrote ${path}, as of ${exportedAt}:`, zh: `已导出 ${path}，截至 ${exportedAt}：` })}\n${lines.join("")}`,
      );
    }),
});
