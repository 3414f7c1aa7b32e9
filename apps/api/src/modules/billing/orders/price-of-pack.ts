import { type CurrencyLimits, type Gateway, type Money, minorUnits, type Pack } from "@jifen/billing";

/** Whether a price is within what a channel takes. */
const fits = (minor: number, { minMinor, maxMinor }: CurrencyLimits): boolean => minor >= minMinor && minor <= maxMinor;

/** The prices of a pack that a channel takes, in the order in which the channel prefers them. */
export const pricesOn = ({ limits }: Gateway, { prices }: Pack): readonly Money[] =>
  limits.currencies.flatMap((each) => {
    const price = prices.find(({ currency }) => currency === each.currency);
    return price && fits(price.minor, each) ? [{ minor: minorUnits(price.minor), currency: price.currency }] : [];
  });
