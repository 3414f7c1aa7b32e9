/** An amount as responses of the API have it. */
export type MoneyText = { readonly currency: string; readonly text: string };

/** Currencies that people know by a sign; the others are named by their code. */
const signs: Readonly<Record<string, string>> = { CNY: "¥", USD: "$", EUR: "€", GBP: "£", HKD: "HK$" };

/** An amount for people: `¥9.90`, `12.00 CHF`. The digits are those of the API, which knows each currency. */
export const moneyLabel = ({ currency, text }: MoneyText): string => {
  const sign = signs[currency];
  return sign === undefined ? `${text} ${currency}` : `${sign}${text}`;
};
