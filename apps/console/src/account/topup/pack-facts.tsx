import { formatMoney, formatNumber } from "../../ui/format.ts";
import type { Pack } from "./ways.ts";
import { topUpWords } from "./words.ts";

type PackFactsProps = { readonly pack: Pack; readonly price: Pack["prices"][number] | undefined };

/** What a pack has, how long it is valid, and what it costs. */
export function PackFacts({ pack, price }: PackFactsProps) {
  const words = topUpWords.useWords();
  const { title, credits, bonusCredits, validDays, bonusValidDays } = pack;
  const bonus = formatNumber(bonusCredits);
  const facts = [
    words.credits(formatNumber(credits)),
    validDays === null ? words.forever : words.valid(formatNumber(validDays)),
    bonusCredits > 0 &&
      (bonusValidDays === null ? words.bonus(bonus) : words.bonusFor(bonus, formatNumber(bonusValidDays))),
  ];
  return (
    <>
      <span className="min-w-0">
        <span className="block font-medium">{title}</span>
        <span className="block text-muted">{facts.filter(Boolean).join(" · ")}</span>
      </span>
      {price && <span className="font-semibold">{formatMoney(price.minor, price.currency)}</span>}
    </>
  );
}
