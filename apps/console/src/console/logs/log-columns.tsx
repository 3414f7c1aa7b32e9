import type { JifenOutputs } from "@jifen/client";
import { Link } from "@tanstack/react-router";
import { Badge } from "../../ui/badge.tsx";
import type { Column } from "../../ui/data-table.tsx";
import { Time } from "../../ui/figures.tsx";
import { formatNumber } from "../../ui/format.ts";
import type { logsWords } from "./words.ts";

/** A log as staff sees it. */
export type Log = JifenOutputs["adminLogs"]["list"]["items"][number];
type Texts = ReturnType<typeof logsWords.useWords>;

/** A duration in seconds, to the tenth. */
export const formatDuration = (ms: number, words: Texts): string => words.seconds((ms / 1_000).toFixed(1));

/** The columns of a list of logs; without the user on the page of one user. */
export const logColumns = (words: Texts, hasUser: boolean): readonly Column<Log>[] => [
  { title: words.time, isWide: true, cell: ({ countedAt }) => <Time at={countedAt} /> },
  {
    title: words.action,
    cell: (log) => (
      <>
        <span className="wrap-anywhere">
          <Link to="/console/logs/$logId" params={{ logId: log.logId }}>
            {log.action}
          </Link>
        </span>
        <span className="block text-muted md:hidden">
          <Time at={log.countedAt} /> {hasUser && `· ${log.userId}`}
        </span>
      </>
    ),
  },
  ...(hasUser
    ? [
        {
          title: words.user,
          isWide: true,
          cell: ({ userId }: Log) => (
            <Link to="/console/users/$userId" params={{ userId }}>
              {userId}
            </Link>
          ),
        },
      ]
    : []),
  {
    title: words.result,
    cell: ({ success }) => <Badge kind={success ? "good" : "bad"}>{success ? words.success : words.failure}</Badge>,
  },
  {
    title: words.duration,
    isNumber: true,
    isWide: true,
    cell: ({ durationMs }) => (durationMs === null ? "–" : formatDuration(durationMs, words)),
  },
  { title: words.charge, isNumber: true, cell: (log) => <LogCharge log={log} words={words} /> },
];

/** What the ledger has of the charge that a log names. */
export function LogCharge({ log: { charge, hold }, words }: { readonly log: Log; readonly words: Texts }) {
  if (charge) {
    const { transactionId, amount, refunded } = charge;
    return (
      <>
        <Link to="/console/transactions/$transactionId" params={{ transactionId }}>
          {formatNumber(amount)}
        </Link>
        {refunded > 0 && <span className="block text-muted">{words.refunded(formatNumber(refunded))}</span>}
      </>
    );
  }
  return hold ? words.held(formatNumber(hold.amount)) : words.noCharge;
}
