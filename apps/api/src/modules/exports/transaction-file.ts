import type { Wording } from "@jifen/contract";
import type { Database } from "@jifen/database";
import { type Entry, isCharge, spendableGain } from "@jifen/ledger";
import { type CsvColumn, createCsvFormatter } from "../../export-files/csv.ts";
import type { FileFormatter } from "../../export-files/file-formatter.ts";
import { createNdjsonFormatter } from "../../export-files/ndjson.ts";
import { isoTime, isoTimeOrNull } from "../../values/iso-time.ts";
import { localTime } from "../../values/time-zones/local-time.ts";
import { toTransactionOutput } from "../credits/transactions/to-transaction.ts";
import type { FilePart, TransactionExportJob } from "./export-job.ts";
import { textPart, toParts } from "./file-parts.ts";
import { kindNames } from "./kind-names.ts";

/** An entry, and what the list of transactions shows of it. */
type Row = { readonly entry: Entry; readonly shown: ReturnType<typeof toTransactionOutput> };

/** The last line of a file, of the rows in it. */
type Total = {
  readonly rows: number;
  /** The change of the balance. */
  readonly change: number;
  readonly charged: number;
  readonly refunded: number;
  readonly net: number;
};

/** How many entries one statement reads. */
const PAGE = 500;

const name = (zh: string, en: string): Wording => ({ zh, en });

const localOrNull = (ms: number | null, timeZone: string) => (ms === null ? null : localTime(ms, timeZone));

const columnsOf = ({ timeZone }: TransactionExportJob): readonly CsvColumn<Row, Total>[] => [
  {
    name: name("流水", "Transaction"),
    value: ({ entry }) => entry.id,
    total: (_, language) => name("合计", "Total")[language],
  },
  {
    name: name("类型", "Kind"),
    value: ({ entry }, language) => kindNames[entry.kind][language],
    total: ({ rows }, language) => name(`${rows} 条`, `${rows} rows`)[language],
  },
  {
    name: name("操作", "Action"),
    value: ({ entry }) => entry.action,
    total: ({ charged, refunded, net }, language) =>
      name(`扣费 ${charged}，退款 ${refunded}，净额 ${net}`, `charged ${charged}, refunded ${refunded}, net ${net}`)[
        language
      ],
  },
  { name: name("金额", "Amount"), value: ({ entry }) => entry.amount },
  { name: name("余额变化", "Change"), value: ({ shown }) => shown.change, total: ({ change }) => change },
  { name: name("变动后余额", "Balance after"), value: ({ entry }) => entry.balanceAfter },
  { name: name("变动后预扣", "Held after"), value: ({ entry }) => entry.heldAfter },
  { name: name("预扣", "Hold"), value: ({ shown }) => shown.holdId },
  { name: name("原扣费流水", "Charge"), value: ({ shown }) => shown.chargeId },
  {
    name: name(`时间（${timeZone}）`, `Created at (${timeZone})`),
    value: ({ entry }) => localTime(entry.createdAtMs, timeZone),
  },
  { name: name("时间（UTC）", "Created at (UTC)"), value: ({ entry }) => isoTime(entry.createdAtMs) },
  {
    name: name(`到期时间（${timeZone}）`, `Expires at (${timeZone})`),
    value: ({ entry }) => localOrNull(entry.expiresAtMs, timeZone),
  },
  { name: name("到期时间（UTC）", "Expires at (UTC)"), value: ({ entry }) => isoTimeOrNull(entry.expiresAtMs) },
  { name: name("执行者", "Actor"), value: ({ shown }) => shown.actor },
  { name: name("请求", "Request"), value: ({ shown }) => shown.requestId },
  { name: name("元数据", "Metadata"), value: ({ entry }) => entry.metadata },
];

const formatterOf = (job: TransactionExportJob): FileFormatter<Row, Total> =>
  job.format === "csv"
    ? createCsvFormatter({ columns: columnsOf(job), language: job.language })
    : createNdjsonFormatter(({ entry, shown }) => ({
        ...shown,
        local: {
          createdAt: localTime(entry.createdAtMs, job.timeZone),
          expiresAt: localOrNull(entry.expiresAtMs, job.timeZone),
        },
      }));

/** Writes a file of transactions, oldest first, as `writeLogFile` does. */
export async function* writeTransactionFile(
  { history }: Pick<Database, "history">,
  job: TransactionExportJob,
): AsyncGenerator<FilePart> {
  const formatter = formatterOf(job);
  let [head, after] = [formatter.head(), job.afterSequence];
  const total = { rows: 0, change: 0, charged: 0, refunded: 0 };
  for (let isLast = false; !isLast; ) {
    const page = await history.entriesOldest(job.accountId, job.filter, { limit: PAGE, after });
    const entries = page.filter(({ sequence }) => sequence <= job.lastSequence);
    total.rows += entries.length;
    for (const entry of entries) {
      total.change += spendableGain(entry);
      if (isCharge(entry)) total.charged += entry.amount;
      if (entry.kind === "refund") total.refunded += entry.amount;
    }
    // Row by row, because the parsed metadata of a whole page can be large.
    const format = (entry: Entry) => formatter.rows([{ entry, shown: toTransactionOutput(entry, job.reader) }]);
    yield* toParts({ head, rows: entries, format });
    head = "";
    after = page.at(-1)?.sequence ?? after;
    isLast = page.length < PAGE || after >= job.lastSequence;
  }
  yield textPart(formatter.total({ ...total, net: total.charged - total.refunded }));
}
