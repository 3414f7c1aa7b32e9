import { defineCommand } from "citty";
import { t } from "./language.ts";
import { jsonArgument, print } from "./print.ts";
import { withDatabase } from "./with-database.ts";

const partitions = defineCommand({
  meta: {
    name: "partitions",
    description: t({
      en: "Creates the partitions of the call log for the next months, as a server with AUTO_MIGRATE=on does.",
      zh: "创建未来几个月的日志分区（AUTO_MIGRATE=on 的服务会自动创建）。",
    }),
  },
  args: { json: jsonArgument },
  run: ({ args: { json } }) =>
    withDatabase(async ({ logs }) => {
      await logs.makePlaces(Date.now());
      print(json, { isReady: true }, t({ en: "The next months have partitions.", zh: "未来几个月的日志分区已就绪。" }));
    }),
});

/** `jifen logs`: what an operator does with the call log. */
export const logs = defineCommand({
  meta: { name: "logs", description: t({ en: "Maintains the call log.", zh: "维护调用日志。" }) },
  subCommands: { partitions },
});
