"use client";

import { useBalance, useErrorText, useTimeText, useWords } from "@jifen/client/react";

const words = {
  zh: {
    title: "可用积分",
    unit: "积分",
    held: (held: number) => `另有 ${held} 积分已预扣，任务完成后结算`,
    expiring: (amount: number, day: string) => `${amount} 积分将于 ${day} 到期`,
    topUp: "充值",
  },
  en: {
    title: "Available credits",
    unit: "credits",
    held: (held: number) => `${held} more credits are held for running jobs`,
    expiring: (amount: number, day: string) => `${amount} credits expire on ${day}`,
    topUp: "Top up",
  },
};

type BalanceCardProps = { topUpHref?: string; words?: Partial<typeof words.zh>; className?: string };

/** The balance, what is held, and what expires next. */
export function BalanceCard({ topUpHref, words: changed, className = "" }: BalanceCardProps) {
  const say = useWords(words, changed);
  const errorText = useErrorText();
  const time = useTimeText();
  const { balance, held = 0, expiring, error } = useBalance();
  return (
    <section
      aria-label={say.title}
      className={`rounded-xl border border-border bg-card p-6 text-card-foreground ${className}`}
    >
      <h2 className="text-sm text-muted-foreground">{say.title}</h2>
      <p className="mt-2 flex items-baseline gap-2">
        <strong className="text-5xl font-semibold tracking-tight tabular-nums">
          {balance === undefined ? "…" : balance.toLocaleString("en")}
        </strong>
        <span>{say.unit}</span>
      </p>
      <div className="mt-2 min-h-5 text-sm text-muted-foreground">
        {held > 0 && <p>{say.held(held)}</p>}
        {expiring && <p>{say.expiring(expiring.amount, time(expiring.expiresAt, "date"))}</p>}
        {error && balance === undefined && <p className="text-destructive">{errorText(error)}</p>}
      </div>
      {topUpHref !== undefined && (
        <a
          href={topUpHref}
          className="mt-3 inline-block rounded-lg border border-border px-4 py-2.5 text-sm font-medium hover:border-foreground"
        >
          {say.topUp}
        </a>
      )}
    </section>
  );
}
