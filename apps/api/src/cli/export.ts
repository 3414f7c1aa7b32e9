import { resolve } from "node:path";
import { defineCommand } from "citty";
import { countRows } from "../modules/transfer/sources.ts";
import { exportDatabase } from "../modules/transfer/use-cases/export-database.ts";
import { isoTime } from "../values/iso-time.ts";
import { t } from "./language.ts";
import { jsonArgument, print } from "./print.ts";
import { startProgress } from "./progress.ts";
import { withDatabase } from "./with-database.ts";

/** `jifen export FILE`: exports a snapshot of all data while the server runs. */
export const exportCommand = defineCommand({
  meta: {
    name: "export",
    description: t({
      en: "Exports all data to a file: users, credits, logs, keys. The file contains password hashes: keep it secret.",
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
      const exportedAt = isoTime(Date.now());
      const progress = startProgress({ total: await countRows(database), what: t({ en: "rows", zh: "行" }) });
      const onRows = (count: number) => progress.advance(count);
      const tables = await exportDatabase({ database, path, exportedAt, onRows }).finally(() => progress.stop());
      const lines = Object.entries(tables).map(([name, { rows }]) => `  ${name}: ${rows}\n`);
      const done = t({ en: `Exported ${path} at ${exportedAt}:`, zh: `已导出 ${path}，截至 ${exportedAt}：` });
      print(json, { file: path, exportedAt, tables }, `${done}\n${lines.join("")}`);
    }),
});
