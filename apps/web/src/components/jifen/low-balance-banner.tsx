"use client";

import { useBalance, useTimeText, useWords } from "@jifen/client/react";

const words = {
  zh: {
    low: (balance: number) => `积分只剩 ${balance}，请及时充值。`,
    expiring: (amount: number, day: string) => `${amount} 积分将于 ${day} 到期，请尽快使用。`,
    topUp: "充值",
  },
  en: {
    low: (balance: number) => `Only ${balance} ${balance === 1 ? "credit is" : "credits are"} left.`,
    expiring: (amount: number, day: string) => `${amount} credits expire on ${day}. Use them soon.`,
    topUp: "Top up",
  },
};

type LowBalanceBannerProps = {
  /** Shown when the balance is below this. */
  below?: number;
  /** Shown when credits expire within so many days. */
  expiringWithinDays?: number;
  topUpHref?: string;
  words?: Partial<typeof words.zh>;
  className?: string;
};

const DAY_MS = 86_400_000;

/** Warns about a low balance, or about credits that expire soon. Nothing is shown while the balance is unknown. */
export function LowBalanceBanner(props: LowBalanceBannerProps) {
  const { below = 20, expiringWithinDays = 3, topUpHref, words: changed, className = "" } = props;
  const say = useWords(words, changed);
  const time = useTimeText();
  const { balance, expiring } = useBalance();
  const isLow = balance !== undefined && balance < below;
  const isExpiring = expiring != null && Date.parse(expiring.expiresAt) - Date.now() < expiringWithinDays * DAY_MS;
  if (!isLow && !isExpiring) return null;
  return (
    <div
      role="status"
      className={`flex flex-wrap items-center gap-x-4 gap-y-2 rounded-xl border border-destructive bg-card p-4 text-sm text-card-foreground ${className}`}
    >
      <p className="min-w-0 flex-1 basis-48">
        {isLow ? say.low(balance) : isExpiring && say.expiring(expiring.amount, time(expiring.expiresAt, "date"))}
      </p>
      {topUpHref !== undefined && (
        <a href={topUpHref} className="font-medium underline underline-offset-4">
          {say.topUp}
        </a>
      )}
    </div>
  );
}
