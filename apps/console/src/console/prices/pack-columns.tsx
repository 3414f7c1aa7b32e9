import { language } from "../../language.ts";
import type { Column } from "../../ui/data-table.tsx";
import { Credits } from "../../ui/figures.tsx";
import { formatMoney, formatNumber } from "../../ui/format.ts";
import type { Pack } from "./catalogue.ts";
import { type PricesTexts, pricesWords } from "./words.ts";

/** What limits a pack, in words. */
function conditionsOf(words: PricesTexts, { groups, limitPerUser, refund }: Pack): readonly string[] {
  return [
    ...(groups ? [words.onlyGroups(groups.join(", "))] : []),
    ...(limitPerUser === undefined ? [] : [words.limit(formatNumber(limitPerUser))]),
    refund === "never" ? words.notRefundable : words.refundable,
  ];
}

function validityOf(words: PricesTexts, { validDays, bonusValidDays, bonusCredits = 0 }: Pack): readonly string[] {
  return [
    validDays ? words.days(formatNumber(validDays)) : words.forever,
    ...(bonusCredits > 0 && bonusValidDays ? [words.bonusDays(formatNumber(bonusValidDays))] : []),
  ];
}

/** Some texts, one line for each. */
const Lines = ({ lines }: { readonly lines: readonly string[] }) =>
  lines.map((line) => (
    <span key={line} className="block">
      {line}
    </span>
  ));

/** The prices of a pack, one line for each currency. */
const pricesOf = ({ prices }: Pack) => prices.map(({ minor, currency }) => formatMoney(minor, currency));

/** The columns of a list of packs. */
export const packColumns = (words: PricesTexts): readonly Column<Pack>[] => [
  {
    title: words.pack,
    cell: (pack) => (
      <>
        {pack.title[language]} <span className="font-mono text-[0.92em] text-muted">{pack.id}</span>
        <span className="block text-muted md:hidden">
          <Lines lines={[...validityOf(words, pack), ...conditionsOf(words, pack)]} />
        </span>
      </>
    ),
  },
  {
    title: words.credits,
    isNumber: true,
    cell: ({ credits, bonusCredits = 0 }) => (
      <>
        <Credits value={credits} />
        {bonusCredits > 0 && <span className="block text-muted">+{formatNumber(bonusCredits)}</span>}
      </>
    ),
  },
  { title: words.prices, isNumber: true, cell: (pack) => <Lines lines={pricesOf(pack)} /> },
  { title: words.validity, isWide: true, cell: (pack) => <Lines lines={validityOf(words, pack)} /> },
  { title: words.conditions, isWide: true, cell: (pack) => <Lines lines={conditionsOf(words, pack)} /> },
];

/** A pack in lines: what it costs, gives and requires. */
export function PackLines({ pack }: { readonly pack: Pack }) {
  const words = pricesWords.useWords();
  const { credits, bonusCredits = 0, title } = pack;
  const sum = `${formatNumber(credits)}${bonusCredits > 0 ? ` + ${formatNumber(bonusCredits)}` : ""}`;
  return (
    <Lines
      lines={[
        title[language],
        `${sum} · ${pricesOf(pack).join(" / ")}`,
        ...validityOf(words, pack),
        ...conditionsOf(words, pack),
      ]}
    />
  );
}
