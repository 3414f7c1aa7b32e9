"use client";

import type { Language } from "@jifen/client";
import { type FormEvent, useState } from "react";
import { offers } from "../lib/offers.ts";
import { wordsOf } from "../lib/wording.ts";
import { AttemptList } from "./attempt-list.tsx";
import { BalanceCard } from "./balance-card.tsx";
import { OfferPicker } from "./offer-picker.tsx";
import { SpendingNotice } from "./spending-notice.tsx";
import { useSpending } from "./use-spending.ts";

type SpendPanelProps = {
  readonly language: Language;
  readonly userId: string;
  readonly initialBalance: number;
  readonly held: number;
};

/** The balance, the offers and the results. */
export function SpendPanel({ language, userId, initialBalance, held }: SpendPanelProps) {
  const words = wordsOf(language);
  const [offer, setOffer] = useState<(typeof offers)[number]>(offers[0]);
  const { balance, attempts, isPending, spendOn } = useSpending({ userId, language, initialBalance });

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!isPending) void spendOn(offer);
  }

  return (
    <main className="grid items-start gap-6 md:grid-cols-2 md:grid-rows-[auto_1fr]">
      <BalanceCard words={words} balance={balance} held={held} />
      <form
        onSubmit={submit}
        className="flex flex-col gap-5 rounded-2xl border border-line bg-card p-5 shadow-sm sm:p-6 md:col-start-2 md:row-span-2 md:row-start-1"
      >
        <OfferPicker language={language} chosen={offer} onChoose={setOffer} />
        {/* aria-disabled, because a disabled button loses the keyboard focus. */}
        <button
          type="submit"
          aria-disabled={isPending}
          className="rounded-lg bg-seal px-4 py-3 font-medium text-on-seal hover:bg-seal-strong aria-disabled:opacity-70"
        >
          {isPending ? words.spending : `${words.spend} · ${words.price(offer.amount)}`}
        </button>
        <SpendingNotice language={language} last={attempts[0]} />
      </form>
      <AttemptList language={language} attempts={attempts} />
    </main>
  );
}
