"use client";

import { useBalance, useWords } from "@jifen/client/react";

const words = {
  zh: { credits: (balance: string) => `${balance} 积分`, unknown: "积分未知" },
  en: { credits: (balance: string) => `${balance} credits`, unknown: "Credits unknown" },
};

type CreditBadgeProps = { words?: Partial<typeof words.zh>; className?: string };

/** The balance, for a navigation bar. */
export function CreditBadge({ words: changed, className = "" }: CreditBadgeProps) {
  const say = useWords(words, changed);
  const { balance } = useBalance();
  return (
    <span
      className={`inline-flex items-center rounded-full border border-border bg-card px-3 py-1 text-sm whitespace-nowrap text-card-foreground tabular-nums ${className}`}
    >
      {balance === undefined ? (
        <span className="sr-only">{say.unknown}</span>
      ) : (
        say.credits(balance.toLocaleString("en"))
      )}
    </span>
  );
}
