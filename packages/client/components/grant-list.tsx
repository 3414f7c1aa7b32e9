"use client";

import { type Grant, useErrorText, useGrants, useTimeText, useWords } from "@jifen/client/react";

const words = {
  zh: {
    title: "积分批次",
    empty: "还没有积分。",
    remaining: (remaining: number, amount: number) => `剩余 ${remaining} / ${amount}`,
    until: (day: string) => `${day} 到期`,
    forever: "长期有效",
    expired: "已到期",
    more: "更早的批次",
  },
  en: {
    title: "Grants of credits",
    empty: "No credits yet.",
    remaining: (remaining: number, amount: number) => `${remaining} of ${amount} left`,
    until: (day: string) => `expires on ${day}`,
    forever: "does not expire",
    expired: "expired",
    more: "Older grants",
  },
};

type GrantListProps = {
  /** How a source is called; by its own name if left out. */
  sourceName?: (source: Grant["source"]) => string;
  words?: Partial<typeof words.zh>;
  className?: string;
};

/** Where credits came from, what is left of them, and when they expire. */
export function GrantList({ sourceName = (source) => source, words: changed, className = "" }: GrantListProps) {
  const say = useWords(words, changed);
  const errorText = useErrorText();
  const time = useTimeText();
  const { items, isLoading, error, more } = useGrants();
  const end = ({ expired, expiresAt }: Grant) => {
    if (expired) return say.expired;
    return expiresAt === null ? say.forever : say.until(time(expiresAt, "date"));
  };
  return (
    <section aria-label={say.title} className={className}>
      {error && <p className="text-sm text-destructive">{errorText(error)}</p>}
      {!isLoading && !error && items.length === 0 && <p className="text-sm text-muted-foreground">{say.empty}</p>}
      <ul className="divide-y divide-border rounded-xl border border-border bg-card text-card-foreground empty:hidden">
        {items.map((grant) => (
          <li key={grant.grantId} className="flex items-baseline gap-4 px-4 py-3">
            <span className="min-w-0 flex-1">
              <span className="block font-medium wrap-anywhere">{sourceName(grant.source)}</span>
              <span className="block text-sm text-muted-foreground">{end(grant)}</span>
            </span>
            <span className="text-right text-sm tabular-nums">{say.remaining(grant.remaining, grant.amount)}</span>
          </li>
        ))}
      </ul>
      {more && (
        <button
          type="button"
          onClick={more}
          className="mt-4 rounded-lg border border-border px-4 py-2.5 text-sm hover:border-foreground"
        >
          {say.more}
        </button>
      )}
    </section>
  );
}
