"use client";

import { type Transaction, useErrorText, useTimeText, useTransactions, useWords } from "@jifen/client/react";
import type { ReactNode } from "react";

const words = {
  zh: {
    title: "积分明细",
    what: "项目",
    change: "变动",
    empty: "还没有积分变动。",
    after: (balance: number) => `余额 ${balance}`,
    more: "更早的记录",
    why: "查看说明",
    kinds: {
      grant: "入账",
      consume: "消费",
      hold: "预扣",
      extend: "延长预扣",
      capture: "结算",
      release: "退回预扣",
      refund: "退款",
      revoke: "收回",
      expire: "到期",
    } satisfies Record<Transaction["kind"], string> as Record<Transaction["kind"], string>,
  },
  en: {
    title: "History of credits",
    what: "What",
    change: "Change",
    empty: "Nothing has happened yet.",
    after: (balance: number) => `balance ${balance}`,
    more: "Older entries",
    why: "Explain",
    kinds: {
      grant: "Credited",
      consume: "Spent",
      hold: "Held",
      extend: "Hold extended",
      capture: "Charged",
      release: "Hold returned",
      refund: "Refunded",
      revoke: "Taken back",
      expire: "Expired",
    } satisfies Record<Transaction["kind"], string> as Record<Transaction["kind"], string>,
  },
};

type UsageTableProps = {
  filter?: Parameters<typeof useTransactions>[0];
  /** The page that explains a transaction. */
  explainHref?: (transactionId: string) => string;
  /** How the action of a transaction is shown; by its own name if left out. */
  actionName?: (action: string) => ReactNode;
  words?: Partial<typeof words.zh>;
  className?: string;
};

const signed = (change: number): string => (change > 0 ? `+${change}` : change < 0 ? `−${-change}` : "0");

/** The journal, newest first. A capture charges credits that left the balance with its hold. */
export function UsageTable(props: UsageTableProps) {
  const { filter, explainHref, actionName = (action) => action, words: changed, className = "" } = props;
  const say = useWords(words, changed);
  const errorText = useErrorText();
  const { items, isLoading, error, more } = useTransactions(filter);
  return (
    <div className={className}>
      <table className="w-full border-separate border-spacing-0 rounded-xl border border-border bg-card text-card-foreground">
        <caption className="sr-only">{say.title}</caption>
        <thead className="sr-only">
          <tr>
            <th scope="col">{say.what}</th>
            <th scope="col">{say.change}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((transaction) => (
            <UsageRow key={transaction.transactionId} {...{ transaction, explainHref, actionName, say }} />
          ))}
          {items.length === 0 && (
            <tr>
              <td colSpan={2} className="px-4 py-8 text-center text-sm text-muted-foreground">
                {error ? errorText(error) : isLoading ? "…" : say.empty}
              </td>
            </tr>
          )}
        </tbody>
      </table>
      {more && (
        <button
          type="button"
          onClick={more}
          className="mt-4 rounded-lg border border-border px-4 py-2.5 text-sm hover:border-foreground"
        >
          {say.more}
        </button>
      )}
    </div>
  );
}

type UsageRowProps = Pick<UsageTableProps, "explainHref"> & {
  transaction: Transaction;
  actionName: (action: string) => ReactNode;
  say: typeof words.zh;
};

function UsageRow({ transaction, explainHref, actionName, say }: UsageRowProps) {
  const time = useTimeText();
  const { transactionId, kind, action, amount, change, balanceAfter, createdAt } = transaction;
  return (
    <tr className="group">
      <td className="border-border px-4 py-3 align-top wrap-anywhere group-not-first:border-t">
        <span className="block font-medium">
          {say.kinds[kind]}
          {amount !== Math.abs(change) && ` ${amount}`}
          <span className="font-normal"> · {actionName(action)}</span>
        </span>
        <span className="block text-sm text-muted-foreground">
          <time dateTime={createdAt}>{time(createdAt)}</time>
          {explainHref && (
            <>
              {" · "}
              <a href={explainHref(transactionId)} className="underline underline-offset-4">
                {say.why}
              </a>
            </>
          )}
        </span>
      </td>
      <td className="border-border px-4 py-3 text-right align-top whitespace-nowrap tabular-nums group-not-first:border-t">
        <span className="block font-medium">{signed(change)}</span>
        <span className="block text-sm text-muted-foreground">{say.after(balanceAfter)}</span>
      </td>
    </tr>
  );
}
