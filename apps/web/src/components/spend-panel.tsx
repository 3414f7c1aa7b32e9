"use client";

import type { Language } from "@jifen/client";
import { useState } from "react";
import { type Spent, spend } from "../actions/spend.ts";
import type { Offer } from "../lib/offers.ts";
import { wordsOf } from "../lib/wording.ts";
import { PayButton } from "./jifen/pay-button";
import { OfferPicker } from "./offer-picker.tsx";

type SpendPanelProps = { readonly language: Language; readonly offers: readonly [Offer, ...Offer[]] };

/** The offers, a button that spends, and the result. The price on the button is shown only: the server decides it. */
export function SpendPanel({ language, offers }: SpendPanelProps) {
  const words = wordsOf(language);
  const [offer, setOffer] = useState(offers[0]);
  const [last, setLast] = useState<Spent>();
  const spentOn = offers.find(({ action }) => action === last?.action);
  return (
    <section className="flex flex-col gap-5 rounded-xl border border-line bg-card p-5">
      <OfferPicker language={language} offers={offers} chosen={offer} onChoose={setOffer} />
      <PayButton action={spend} name="spend" input={{ action: offer.action }} cost={offer.amount} onPaid={setLast}>
        {words.spend}
      </PayButton>
      {/* Its space is reserved, so that the layout does not shift. */}
      <p role="status" className="min-h-12 text-sm leading-6 text-pretty text-muted">
        {last && spentOn ? words.spent(spentOn.name[language], last.amount, last.balance) : words.nothingYet}
      </p>
    </section>
  );
}
