import { createWriteStream } from "node:fs";
import { resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { streams } from "@jifen/contract";
import { userId } from "@jifen/core";
import { defineCommand } from "citty";
import type { FilePart } from "../modules/exports/export-job.ts";
import { writeFile } from "../modules/exports/write-file.ts";
import { toLogExportJob } from "../modules/logs/export-job.ts";
import { createRecordExport } from "../modules/logs/record-export.ts";
import { outputLanguage, t } from "./language.ts";
import { createOperator } from "./operator.ts";
import { parseInput, printRefusal } from "./print.ts";
import { startProgress } from "./progress.ts";
import { withDatabase } from "./with-database.ts";

const text = (en: string, zh: string) => ({ type: "string", description: t({ en, zh }) }) as const;

/** The bytes of a file, with its progress on standard error. */
async function* withProgress(parts: AsyncIterable<FilePart>): AsyncGenerator<Uint8Array> {
  const progress = startProgress({ total: undefined, what: t({ en: "rows", zh: "行" }) });
  try {
    for await (const part of parts) {
      yield part.bytes;
      progress.advance(part.rows);
    }
  } finally {
    progress.stop();
  }
}

/** `jifen logs export`: the logs of a user, or of all users, as a file. */
export const exportLogs = defineCommand({
  meta: {
    name: "export",
    description: t({
      en: "Exports logs as CSV or NDJSON, oldest first. The last line is a total: a file without it is not whole.",
      zh: "导出日志（CSV 或 NDJSON，最早的在前）。最后一行是合计，没有合计的文件不完整。",
    }),
  },
  args: {
    user: text("Of this user; of all users if left out.", "只导出该用户的日志；不填则导出全部用户。"),
    from: text("Logs at or after this time, ISO 8601 with a time zone.", "此时间及之后的日志（ISO 8601，带时区）。"),
    to: text("Logs before this time.", "此时间之前的日志。"),
    format: { ...text("csv or ndjson.", "csv 或 ndjson。"), default: "csv" },
    tz: text("The time zone of local times; that of TIME_ZONE if left out.", "本地时间的时区；不填则使用 TIME_ZONE。"),
    details: { type: "boolean", description: t({ en: "With the details.", zh: "包含详情。" }), default: false },
    after: text("Continues behind this logId.", "从该 logId 之后继续。"),
    out: text("A new file; standard output if left out.", "新文件名；不填则写到标准输出。"),
  },
  run: ({ args: { user, out, from, to, format, tz, details, after } }) =>
    withDatabase(async (database, settings) => {
      const present = Object.entries({ from, to, tz, after, userId: user }).filter(([, value]) => value !== undefined);
      const input = parseInput(streams.adminLogs.export.input, { format, details, ...Object.fromEntries(present) });
      if (!input) return;
      const { nowMs, newId, userCache, by } = createOperator(database, settings);
      const { userId: id, ...filters } = input;
      const of = id === undefined ? undefined : userId(id);
      if (of !== undefined && !(await userCache.find(of))) return printRefusal({ code: "USER_NOT_FOUND" });
      const deps = { database, nowMs, timeZone: settings.timeZone };
      const job = await toLogExportJob(deps, filters, { userId: of, language: outputLanguage });
      if (!job.ok) return printRefusal(job.refusal);
      await createRecordExport({ database, newId, nowMs })({
        ...{ actor: by.actor, requestId: null, user: of, requested: filters },
      });
      const target = out === undefined ? process.stdout : createWriteStream(resolve(out), { flags: "wx" });
      await pipeline(withProgress(writeFile(database, job.value)), target, { end: out !== undefined });
    }),
});
