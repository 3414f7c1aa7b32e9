import type { Database, LogKeeping } from "@jifen/database";
import { defineCommand } from "citty";
import { isPartitioned } from "../modules/logs/jobs.ts";
import { removableBefore } from "../modules/logs/remove-expired.ts";
import { exportLogs } from "./export-logs.ts";
import { t } from "./language.ts";
import { jsonArgument, print } from "./print.ts";
import { withDatabase } from "./with-database.ts";

/** @returns how many were dropped */
async function dropExpiredMonths({ logs }: Pick<Database, "logs">, keeping: LogKeeping): Promise<number> {
  const beforeMs = removableBefore(keeping, Date.now());
  let dropped = 0;
  for (let isMore = beforeMs !== undefined; beforeMs !== undefined && isMore; ) {
    const step = await logs.removeLogs(beforeMs);
    dropped += step.months;
    ({ isMore } = step);
  }
  return dropped;
}

const partitions = defineCommand({
  meta: {
    name: "partitions",
    description: t({
      en: "Creates the partitions of the call log for the next months, and drops those that LOG_RETENTION_DAYS has expired, as a server with AUTO_MIGRATE=on does.",
      zh: "创建未来几个月的日志分区，并删除超过 LOG_RETENTION_DAYS 的分区（AUTO_MIGRATE=on 的服务会自动执行）。",
    }),
  },
  args: { json: jsonArgument },
  run: ({ args: { json } }) =>
    withDatabase(async (database, { logKeeping }) => {
      await database.logs.makePlaces(Date.now());
      const dropped = isPartitioned(database) ? await dropExpiredMonths(database, logKeeping) : 0;
      const ready = t({ en: "The next months have partitions.", zh: "未来几个月的日志分区已就绪。" });
      const gone = t({ en: ` Months dropped: ${dropped}.`, zh: `已删除 ${dropped} 个月的日志。` });
      print(json, { isReady: true, dropped }, dropped === 0 ? ready : `${ready}${gone}`);
    }),
});

/** `jifen logs`: what an operator does with the call log. */
export const logs = defineCommand({
  meta: { name: "logs", description: t({ en: "Maintains the call log.", zh: "维护调用日志。" }) },
  subCommands: { export: exportLogs, partitions },
});
