import type { Words } from "../lib/wording.ts";

type BalanceCardProps = { readonly words: Words; readonly balance: number; readonly held: number };

/** The balance, and the held credits if there are any. */
export function BalanceCard({ words, balance, held }: BalanceCardProps) {
  return (
    <section
      aria-label={words.balance}
      className="relative overflow-hidden rounded-2xl bg-linear-to-br from-seal to-[#6f1f13] p-6 text-on-seal shadow-md sm:p-8"
    >
      <span
        aria-hidden
        className="pointer-events-none absolute right-3 -bottom-8 font-seal text-[9rem] leading-none text-white/10 select-none"
      >
        积
      </span>
      <h2 className="text-sm">{words.balance}</h2>
      <p className="mt-2 flex items-baseline gap-2">
        <strong data-testid="balance" className="text-6xl font-semibold tracking-tight tabular-nums">
          {balance.toLocaleString("en")}
        </strong>
        <span>{words.unit}</span>
      </p>
      {held > 0 && <p className="mt-2 text-sm">{words.held(held)}</p>}
    </section>
  );
}
