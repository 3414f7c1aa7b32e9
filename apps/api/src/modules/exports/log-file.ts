import type { Wording } from "@jifen/contract";
import type { CallLog, Database, LogFilter, LogPage } from "@jifen/database";
import { type CsvColumn, createCsvFormatter } from "../../export-files/csv.ts";
import type { FileFormatter } from "../../export-files/file-formatter.ts";
import { createNdjsonFormatter } from "../../export-files/ndjson.ts";
import { isoTime } from "../../values/iso-time.ts";
import { localTime } from "../../values/time-zones/local-time.ts";
import { type NamedInLog, readNamed } from "../logs/named-in-logs.ts";
import { toLogOutput } from "../logs/to-log.ts";
import type { FilePart, LogExportJob } from "./export-job.ts";
import { textPart, toParts } from "./file-parts.ts";
import { kindNames } from "./kind-names.ts";
import { type LedgerTotals, readLedgerTotals } from "./ledger-totals.ts";

/** A log and what the ledger has of what it names. */
type Row = { readonly log: CallLog; readonly named: NamedInLog };

/** The last line of a file. `ledger`: of a file that has all logs of a range. */
type Total = {
  readonly rows: number;
  readonly failures: number;
  readonly durationMs: number;
  readonly ledger?: LedgerTotals | undefined;
};

/** How many logs one statement reads, and how many bytes of details, unless one log has more. */
const PAGE = { logs: 500, detailsBytes: 2_097_152 };

const name = (zh: string, en: string): Wording => ({ zh, en });

/** A time in the time zone and in UTC. */
const timeColumns = (
  { zh, en }: Wording,
  timeZone: string,
  timeOf: (log: CallLog) => number,
): readonly CsvColumn<Row, Total>[] => [
  { name: name(`${zh}（${timeZone}）`, `${en} (${timeZone})`), value: ({ log }) => localTime(timeOf(log), timeZone) },
  { name: name(`${zh}（UTC）`, `${en} (UTC)`), value: ({ log }) => isoTime(timeOf(log)) },
];

const netOf = ({ charge }: NamedInLog) => (charge ? charge.entry.amount - charge.refunded : null);

const asOfText = (asOf: string): Wording => ({ zh: `截至 ${asOf}`, en: `as of ${asOf}` });

const columnsOf = ({ timeZone, hasDetails }: LogExportJob): readonly CsvColumn<Row, Total>[] => [
  {
    name: name("日志", "Log"),
    value: ({ log }) => log.id,
    total: (_, language) => name("合计", "Total")[language],
  },
  {
    name: name("用户", "User"),
    value: ({ log }) => log.userId,
    total: ({ rows }, language) => name(`${rows} 条`, `${rows} rows`)[language],
  },
  { name: name("操作", "Action"), value: ({ log }) => log.action },
  {
    name: name("成功", "Success"),
    value: ({ log }) => log.success,
    total: ({ failures }, language) => name(`失败 ${failures} 条`, `${failures} failed`)[language],
  },
  ...timeColumns(name("计入时间", "Counted at"), timeZone, ({ countedAtMs }) => countedAtMs),
  ...timeColumns(name("上报时间", "Timestamp"), timeZone, ({ occurredAtMs }) => occurredAtMs),
  ...timeColumns(name("接收时间", "Received at"), timeZone, ({ createdAtMs }) => createdAtMs),
  {
    name: name("耗时（毫秒）", "Duration (ms)"),
    value: ({ log }) => log.durationMs,
    total: ({ durationMs }) => durationMs,
  },
  { name: name("业务编号", "Reference"), value: ({ log }) => log.reference },
  { name: name("扣费流水", "Transaction"), value: ({ named }) => named.charge?.entry.id ?? null },
  {
    name: name("扣费类型", "Kind"),
    value: ({ named: { charge } }, language) => (charge ? kindNames[charge.entry.kind][language] : null),
    total: ({ ledger }, language) => (ledger ? asOfText(ledger.asOf)[language] : null),
  },
  {
    name: name("扣费", "Charged"),
    value: ({ named }) => named.charge?.entry.amount ?? null,
    total: ({ ledger }) => ledger?.charged ?? null,
  },
  {
    name: name("退款", "Refunded"),
    value: ({ named }) => named.charge?.refunded ?? null,
    total: ({ ledger }) => ledger?.refunded ?? null,
  },
  { name: name("净额", "Net"), value: ({ named }) => netOf(named), total: ({ ledger }) => ledger?.net ?? null },
  { name: name("预扣", "Hold"), value: ({ named }) => named.hold?.id ?? null },
  { name: name("预扣状态", "Hold state"), value: ({ named }) => named.hold?.state ?? null },
  { name: name("预扣金额", "Held"), value: ({ named }) => named.hold?.amount ?? null },
  { name: name("已扣金额", "Captured"), value: ({ named }) => named.hold?.captured ?? null },
  { name: name("详情字节", "Details (bytes)"), value: ({ log }) => log.detailsBytes },
  ...(hasDetails ? [{ name: name("详情", "Details"), value: ({ log }: Row) => log.details }] : []),
];

/** A log as lists show it, and its times in the time zone. */
function toJson({ log, named }: Row, { timeZone, hasDetails }: LogExportJob) {
  const { details, ...shown } = toLogOutput(log, named);
  const local = {
    timestamp: localTime(log.occurredAtMs, timeZone),
    countedAt: localTime(log.countedAtMs, timeZone),
    receivedAt: localTime(log.createdAtMs, timeZone),
  };
  return { ...shown, local, ...(hasDetails && { details }) };
}

const formatterOf = (job: LogExportJob): FileFormatter<Row, Total> =>
  job.format === "csv"
    ? createCsvFormatter({ columns: columnsOf(job), language: job.language })
    : createNdjsonFormatter((row) => toJson(row, job));

/**
 * Reads the sizes of the details before the details: 500 logs with 64 KB each do not fit into the memory of the thread, and
 * 500 logs of the usual size do.
 */
async function readPage(logs: Database["logs"], filter: LogFilter, hasDetails: boolean): Promise<LogPage> {
  const page = await logs.listOldest(filter, PAGE.logs, "none");
  if (!hasDetails || page.logs.length === 0) return page;
  let [count, bytes] = [0, 0];
  for (const { detailsBytes } of page.logs) {
    bytes += detailsBytes;
    if (count > 0 && bytes > PAGE.detailsBytes) break;
    count += 1;
  }
  return logs.listOldest(filter, count, "all");
}

/**
 * Writes a file of logs, oldest first, in pages of short statements. The file ends with its total; an error before leaves
 * it without one.
 */
export async function* writeLogFile(
  database: Pick<Database, "logs" | "history" | "spend">,
  job: LogExportJob,
): AsyncGenerator<FilePart> {
  const { filter, hasDetails, startedAtMs } = job;
  const formatter = formatterOf(job);
  let [head, afterId] = [formatter.head(), filter.afterId];
  const total = { rows: 0, failures: 0, durationMs: 0 };
  for (;;) {
    const page = await readPage(database.logs, { ...filter, afterId }, hasDetails);
    const logs = page.logs.filter(({ createdAtMs }) => createdAtMs <= startedAtMs);
    const named = await readNamed(database.history, logs);
    total.rows += logs.length;
    total.failures += logs.filter(({ success }) => !success).length;
    for (const { durationMs } of logs) total.durationMs += durationMs ?? 0;
    yield* toParts({ head, rows: logs, format: (log) => formatter.rows([{ log, named: named(log) }]) });
    head = "";
    if (page.lastId === undefined) break;
    afterId = page.lastId;
  }
  const ledger = job.ledger && (await readLedgerTotals(database, job.ledger));
  yield textPart(formatter.total({ ...total, ledger }));
}
