"use client";

import { type Statement, useErrorText, useStatement, useWords } from "@jifen/client/react";
import { useState } from "react";

const words = {
  zh: {
    title: "月度对账单",
    opening: "月初余额",
    granted: "入账",
    spent: "消费",
    refunded: "退款",
    revoked: "收回",
    expired: "到期",
    closing: "月末余额",
    others: "其他",
    soFar: "本月尚未结束，数字会变。",
  },
  en: {
    title: "Monthly statements",
    opening: "Before the month",
    granted: "Granted",
    spent: "Spent",
    refunded: "Refunded",
    revoked: "Taken back",
    expired: "Expired",
    closing: "After the month",
    others: "others",
    soFar: "The month is not over: these numbers change.",
  },
};

type StatementListProps = {
  /** How many months are listed, this one included. */
  months?: number;
  /** The time zone of the months; the browser's if left out. */
  tz?: string;
  words?: Partial<typeof words.zh>;
  className?: string;
};

/** The last months. The statement of a month is read when it is opened. */
export function StatementList({ months = 12, tz, words: changed, className = "" }: StatementListProps) {
  const say = useWords(words, changed);
  return (
    <section aria-label={say.title} className={className}>
      <div className="divide-y divide-border rounded-xl border border-border bg-card text-card-foreground">
        {lastMonths(months).map((month) => (
          <Month key={month} {...{ month, tz, say }} />
        ))}
      </div>
    </section>
  );
}

function lastMonths(count: number): readonly string[] {
  const now = new Date();
  return Array.from({ length: count }, (_, back) => {
    const first = new Date(now.getFullYear(), now.getMonth() - back, 1);
    return `${first.getFullYear()}-${String(first.getMonth() + 1).padStart(2, "0")}`;
  });
}

function Month({ month, tz, say }: { month: string; tz: string | undefined; say: typeof words.zh }) {
  const errorText = useErrorText();
  const [isOpen, setIsOpen] = useState(false);
  const zone = tz ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const { data, error } = useStatement(isOpen ? month : undefined, zone);
  return (
    <details onToggle={(event) => setIsOpen(event.currentTarget.open)} className="px-4">
      <summary className="cursor-pointer py-3 font-medium tabular-nums">{month}</summary>
      {data ? (
        <Sums statement={data} say={say} />
      ) : (
        <p className="pb-4 text-sm text-muted-foreground">{error ? errorText(error) : "…"}</p>
      )}
    </details>
  );
}

function Sums({ statement, say }: { statement: Statement; say: typeof words.zh }) {
  const { opening, grants, spent, refunded, revoked, expired, closing, final } = statement;
  const rows = [
    { name: say.opening, value: opening.total },
    { name: say.granted, value: grants.total },
    { name: say.spent, value: -spent.total },
    ...spent.byAction.map(({ action, amount }) => ({
      name: `· ${action ?? say.others}`,
      value: -amount,
      isPart: true,
    })),
    { name: say.refunded, value: refunded.total },
    { name: say.revoked, value: -revoked },
    { name: say.expired, value: -expired },
    { name: say.closing, value: closing.total },
  ].filter(({ value, name }) => value !== 0 || name === say.opening || name === say.closing);
  return (
    <>
      <table className="w-full text-sm">
        <caption className="sr-only">{`${say.title} ${statement.month}`}</caption>
        <tbody>
          {rows.map(({ name, value, ...row }) => (
            <tr key={name} className={"isPart" in row ? "text-muted-foreground" : ""}>
              <th scope="row" className="py-1 pr-4 text-left font-normal break-all">
                {name}
              </th>
              <td className="py-1 text-right tabular-nums">{value < 0 ? `−${-value}` : value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="pt-1 pb-4 text-sm text-muted-foreground">{!final && say.soFar}</p>
    </>
  );
}
