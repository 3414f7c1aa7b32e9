import type { ActionPrice } from "./catalogue.ts";
import { closedText, conditionsText, paramText, priceText } from "./price-text.ts";
import { pricesWords } from "./words.ts";

type ActionProps = { readonly price: ActionPrice };

/** The prices of an action, one line for each condition. */
export function PriceLines({ price }: ActionProps) {
  const words = pricesWords.useWords();
  return (
    <ol className="grid gap-0.5">
      {price.rows.map((row, at) => (
        <li key={at}>
          <span className="font-mono text-[0.92em] text-muted">{conditionsText(row.when) || words.always}</span>
          {" → "}
          {priceText(words, row)}
        </li>
      ))}
      {closedText(price).map((text) => (
        <li key={text} className="text-muted">
          {words.closed}: <span className="font-mono text-[0.92em]">{text}</span>
        </li>
      ))}
    </ol>
  );
}

/** The parameters of an action, one line for each. */
export function ParamLines({ price: { params = {} } }: ActionProps) {
  const words = pricesWords.useWords();
  return (
    <ul className="grid gap-0.5">
      {Object.entries(params).map(([name, param]) => (
        <li key={name}>
          <span className="font-mono text-[0.92em]">{name}</span>{" "}
          <span className="text-muted">{paramText(words, param)}</span>
        </li>
      ))}
    </ul>
  );
}
