import type { Language } from "@jifen/client";
import type { Offer } from "../lib/offers.ts";
import { wordsOf } from "../lib/wording.ts";

type OfferPickerProps = {
  readonly language: Language;
  readonly offers: readonly Offer[];
  readonly chosen: Offer;
  readonly onChoose: (offer: Offer) => void;
};

/** Radio buttons for the offers. */
export function OfferPicker({ language, offers, chosen, onChoose }: OfferPickerProps) {
  const words = wordsOf(language);
  return (
    <fieldset className="flex min-w-0 flex-col gap-3">
      <legend className="mb-3 font-medium">{words.chooseOffer}</legend>
      {offers.map((offer) => (
        <label
          key={offer.action}
          className="flex cursor-pointer items-center gap-3 rounded-xl border border-line p-3 hover:border-muted has-checked:border-seal has-checked:bg-warn has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-seal"
        >
          <input
            type="radio"
            name="offer"
            checked={offer === chosen}
            onChange={() => onChoose(offer)}
            className="size-4 accent-seal outline-none"
          />
          <span className="min-w-0 flex-1">
            <span className="block font-medium">{offer.name[language]}</span>
            <span className="block truncate font-mono text-xs text-muted">{offer.action}</span>
          </span>
          <span className="text-sm whitespace-nowrap tabular-nums">{words.price(offer.amount)}</span>
        </label>
      ))}
    </fieldset>
  );
}
