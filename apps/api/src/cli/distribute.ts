import { distributeDatabase } from "@jifen/database";
import { defineCommand } from "citty";
import { reportStartupError } from "../start/report-startup-error.ts";
import { t } from "./language.ts";
import { jsonArgument, print, printError } from "./print.ts";
import { wholeNumber } from "./whole-number.ts";
import { commandSettings } from "./with-database.ts";

/** As many as a cluster can use: each shard of a node has batches of its own. */
const MAX_SHARDS = 1_024;

/** `jifen distribute`: distributes the tables over the nodes of Citus. An interrupted run can be repeated. */
export const distribute = defineCommand({
  meta: {
    name: "distribute",
    description: t({
      en: "Distributes the tables over the nodes of a Citus cluster. Stop all servers first.",
      zh: "将数据表分布到 Citus 集群的各节点。请先停止所有服务。",
    }),
  },
  args: {
    "dry-run": {
      type: "boolean",
      description: t({ en: "Only prints what would be done.", zh: "只显示将要执行的操作。" }),
      default: false,
    },
    shards: {
      type: "string",
      description: t({
        en: "Into how many shards accounts are divided. Default: four for each node, at least eight.",
        zh: "账户分片的数量。默认每个节点 4 个，至少 8 个。",
      }),
      valueHint: "N",
    },
    json: jsonArgument,
  },
  run: ({ args: { "dry-run": isDryRun, shards, json } }) =>
    reportStartupError(async () => {
      const shardCount = shards === undefined ? undefined : wholeNumber(shards);
      if (shardCount !== undefined && !(shardCount >= 1 && shardCount <= MAX_SHARDS)) {
        printError(
          t({
            en: `--shards has to be a whole number from 1 to ${MAX_SHARDS}.`,
            zh: `--shards 必须是 1 到 ${MAX_SHARDS} 的整数。`,
          }),
        );
        return;
      }
      const steps = await distributeDatabase(commandSettings().databaseUrl, {
        isDryRun,
        ...(shardCount !== undefined && { shardCount }),
        begin: ({ table, rows }) => process.stderr.write(`${table}${rowsText(rows)}…\n`),
      });
      print(json, { isDryRun, steps }, textOf(isDryRun, steps));
    }),
});

const rowsText = (rows: number | undefined): string =>
  rows === undefined ? "" : t({ en: ` (about ${rows} rows)`, zh: `（约 ${rows} 行）` });

function textOf(isDryRun: boolean, steps: readonly { readonly table: string; readonly sql: string }[]): string {
  if (steps.length === 0) return t({ en: "Every table is distributed already.", zh: "所有表都已分布，无需操作。" });
  if (isDryRun) return steps.map(({ sql }) => `${sql};`).join("\n");
  const names = steps.map(({ table }) => table).join(", ");
  return t({ en: `Distributed: ${names}`, zh: `已分布：${names}` });
}
